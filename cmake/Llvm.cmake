# Finds LLVM 19..22 and defines sonde::llvm (headers and the BPF back end) and SONDE_LLD_OPTIONS (how to link with its lld).
# `find_package(LLVM 22)` refuses 22.1.x as "not compatible", so the version is checked here.

set(SONDE_LLVM_MINIMUM 19)
set(SONDE_LLVM_MAXIMUM 22)

if(SONDE_LLVM_VERSION)
  set(_majors ${SONDE_LLVM_VERSION})
else()
  set(_majors 22 21 20 19)
endif()
foreach(_major IN LISTS _majors)
  if(NOT LLVM_FOUND)
    find_package(LLVM CONFIG QUIET PATHS /usr/lib/llvm-${_major}/lib/cmake/llvm NO_DEFAULT_PATH)
  endif()
endforeach()
if(NOT LLVM_FOUND)
  find_package(LLVM CONFIG QUIET) # a distribution with another layout, or -DLLVM_DIR=...
endif()
if(NOT LLVM_FOUND)
  message(FATAL_ERROR "LLVM not found: install llvm-22-dev (19 to 22 serve) or give -DLLVM_DIR=DIR")
endif()
if(LLVM_VERSION_MAJOR LESS SONDE_LLVM_MINIMUM OR LLVM_VERSION_MAJOR GREATER SONDE_LLVM_MAXIMUM)
  message(FATAL_ERROR "LLVM ${LLVM_PACKAGE_VERSION} at ${LLVM_DIR}: sonde builds with "
                      "${SONDE_LLVM_MINIMUM} to ${SONDE_LLVM_MAXIMUM}; choose with -DSONDE_LLVM_VERSION=N")
endif()
if(SONDE_LLVM_VERSION AND NOT LLVM_VERSION_MAJOR EQUAL SONDE_LLVM_VERSION)
  message(FATAL_ERROR "LLVM ${SONDE_LLVM_VERSION} was asked for, found only ${LLVM_PACKAGE_VERSION}")
endif()
if(NOT "BPF" IN_LIST LLVM_TARGETS_TO_BUILD)
  message(FATAL_ERROR "LLVM ${LLVM_PACKAGE_VERSION} at ${LLVM_DIR} was built without the BPF target")
endif()

# The exported archives name shared libz, libzstd and libxml2 by path, which a static link cannot use:
# they are dropped and replaced by archives. libxml2 and the others are not reached from what we link.
function(_sonde_llvm_drop_shared_dependencies)
  foreach(target IN ITEMS LLVMSupport LLVMWindowsManifest LLVMDebugInfoPDB LLVMLineEditor)
    if(TARGET ${target})
      get_target_property(libraries ${target} INTERFACE_LINK_LIBRARIES)
      if(libraries)
        list(FILTER libraries EXCLUDE REGEX "ZLIB|zstd|[Xx]ml2|z3|Terminfo|LibEdit")
        set_target_properties(${target} PROPERTIES INTERFACE_LINK_LIBRARIES "${libraries}")
      endif()
    endif()
  endforeach()
endfunction()

add_library(sonde_llvm INTERFACE)
add_library(sonde::llvm ALIAS sonde_llvm)
target_include_directories(sonde_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
separate_arguments(_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
# What g++ defines so by itself, and what <cstdint> asked for before C++11, would only keep these sources from using the
# precompiled header.
list(REMOVE_ITEM _definitions -D_GNU_SOURCE -D_GLIBCXX_USE_CXX11_ABI=1 -D__STDC_CONSTANT_MACROS -D__STDC_FORMAT_MACROS
     -D__STDC_LIMIT_MACROS)
target_compile_definitions(sonde_llvm INTERFACE ${_definitions})
if(NOT LLVM_ENABLE_RTTI)
  # A class that derives from one of LLVM's would miss the base's type information.
  target_compile_options(sonde_llvm INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
  if(SONDE_SANITIZE)
    target_compile_options(sonde_llvm INTERFACE -fno-sanitize=vptr)
  endif()
endif()

# Names of symbols as the source has them: an archive that needs none of the others, for folders that know no LLVM.
add_library(sonde_demangle INTERFACE)
add_library(sonde::demangle ALIAS sonde_demangle)
target_include_directories(sonde_demangle SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
if(SONDE_LLVM_SHARED)
  target_link_libraries(sonde_demangle INTERFACE LLVM)
else()
  target_link_libraries(sonde_demangle INTERFACE LLVMDemangle)
endif()

if(SONDE_LLVM_SHARED)
  if(SONDE_STATIC)
    message(FATAL_ERROR "SONDE_LLVM_SHARED needs SONDE_STATIC=OFF")
  endif()
  target_link_libraries(sonde_llvm INTERFACE LLVM)
  set(_kind "shared")
else()
  _sonde_llvm_drop_shared_dependencies()
  llvm_map_components_to_libnames(
    _libraries
    core bpfcodegen bpfdesc bpfinfo bpfdisassembler
    scalaropts instcombine transformutils analysis target mc mcdisassembler support)
  target_link_libraries(sonde_llvm INTERFACE ${_libraries} sonde::zlib sonde::zstd)
  set(_kind "archives")
endif()

# Debian has no plain ld.lld of the newest version in PATH, and gcc knows -fuse-ld=lld only without a version:
# -B points it at LLVM's own folder.
find_program(SONDE_LLD ld.lld HINTS "${LLVM_TOOLS_BINARY_DIR}" NO_CMAKE_PATH)
if(SONDE_LLD)
  get_filename_component(_lld_folder "${SONDE_LLD}" DIRECTORY)
  set(SONDE_LLD_OPTIONS "-B${_lld_folder}" -fuse-ld=lld)
elseif(SONDE_STATIC)
  message(FATAL_ERROR "ld.lld not found: install lld-${LLVM_VERSION_MAJOR}, or configure with -DSONDE_STATIC=OFF")
else()
  set(SONDE_LLD_OPTIONS "")
endif()

message(STATUS "LLVM ${LLVM_PACKAGE_VERSION} (${_kind}, rtti ${LLVM_ENABLE_RTTI}), linker ${SONDE_LLD}")
