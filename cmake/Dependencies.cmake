# Third-party libraries as targets: sonde::bpf, sonde::elf, sonde::dw, sonde::zlib, sonde::zstd, sonde::fmt,
# sonde::cli11, sonde::json; GTest::gmock_main when tests are on; Bison and Flex.
# A static build takes archives only, a shared build takes what the linker finds.

# The shared libbpf 1.1 does not export libbpf_set_memlock_rlim(), which its header declares.
set(SONDE_ARCHIVES bpf)

# _sonde_find_library(<target> <name> <header> <Debian package> [other targets...])
function(_sonde_find_library target name header package)
  if(SONDE_STATIC OR name IN_LIST SONDE_ARCHIVES)
    set(file_name "lib${name}.a")
  else()
    set(file_name "${name}")
  endif()
  string(MAKE_C_IDENTIFIER "SONDE_${name}_LIBRARY_${file_name}" library_variable)
  string(MAKE_C_IDENTIFIER "SONDE_${name}_INCLUDE" include_variable)
  find_library(${library_variable} NAMES ${file_name})
  find_path(${include_variable} ${header})
  mark_as_advanced(${library_variable} ${include_variable})
  if(NOT ${library_variable} OR NOT ${include_variable})
    message(FATAL_ERROR "${file_name} or <${header}> not found: install ${package}")
  endif()
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${${library_variable}}")
  if(NOT ${include_variable} STREQUAL "/usr/include")
    set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${${include_variable}}")
  endif()
  if(ARGN)
    set_target_properties(${target} PROPERTIES INTERFACE_LINK_LIBRARIES "${ARGN}")
  endif()
endfunction()

_sonde_find_library(sonde::zlib z zlib.h zlib1g-dev)
_sonde_find_library(sonde::zstd zstd zstd.h libzstd-dev)
_sonde_find_library(sonde::lzma lzma lzma.h liblzma-dev)
_sonde_find_library(sonde::bz2 bz2 bzlib.h libbz2-dev)
_sonde_find_library(sonde::elf elf libelf.h libelf-dev sonde::zlib)
_sonde_find_library(sonde::dw dw elfutils/libdw.h libdw-dev sonde::elf sonde::bz2 sonde::lzma sonde::zlib)
_sonde_find_library(sonde::bpf bpf bpf/libbpf.h libbpf-dev sonde::elf sonde::zlib)

# Debian's libfmt-dev has no archive: a static build compiles the library's non-template part itself, see the file.
find_package(fmt REQUIRED)
if(SONDE_STATIC)
  add_library(sonde_fmt STATIC "${CMAKE_SOURCE_DIR}/cmake/fmt_library.cpp")
  get_target_property(_fmt_include fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
  target_include_directories(sonde_fmt SYSTEM PUBLIC ${_fmt_include})
  add_library(sonde::fmt ALIAS sonde_fmt)
else()
  add_library(sonde::fmt ALIAS fmt::fmt)
endif()

find_package(CLI11 REQUIRED)
add_library(sonde::cli11 ALIAS CLI11::CLI11)

find_package(nlohmann_json REQUIRED)
add_library(sonde::json ALIAS nlohmann_json::nlohmann_json)

find_package(BISON 3.8 REQUIRED)
find_package(FLEX 2.6 REQUIRED)

if(SONDE_TESTS)
  find_package(GTest REQUIRED)
endif()
