# Functions by which folders declare what they build:
#   sonde_library(<folder> SOURCES ... [DEPS <other folders>] [LIBS <third-party targets>])   in src/<folder>/CMakeLists.txt
#   sonde_bison(<folder> <file.y>), sonde_flex(<folder> <file.l>)                             generated parser code
#   sonde_program(<name> SOURCES ... [DEPS ...] [LIBS ...])                                   an executable
#   sonde_test(<name> SOURCES ... [DEPS ...] [LIBS ...] [LABELS ...] [TIMEOUT s] [WORKING_DIRECTORY d] [SERIAL])
#     one GoogleTest program; SERIAL keeps its tests from running beside any other

set(SONDE_GENERATED_DIR "${CMAKE_BINARY_DIR}/generated")
set(SONDE_SYMBOL_ORDER "${CMAKE_SOURCE_DIR}/cmake/symbol_order.txt")
set(SONDE_COMMON_HEADERS <algorithm> <cstdint> <functional> <map> <memory> <optional> <span> <string> <string_view> <utility>
    <variant> <vector> <fmt/format.h>)

# Folders given as DEPS -> their library targets.
function(_sonde_folder_targets result)
  set(targets "")
  foreach(folder IN LISTS ARGN)
    if(NOT folder IN_LIST SONDE_FOLDERS)
      message(FATAL_ERROR "DEPS names the folder src/${folder}, which is not in SONDE_FOLDERS")
    endif()
    list(APPEND targets sonde_${folder})
  endforeach()
  set(${result} "${targets}" PARENT_SCOPE)
endfunction()

# Most of the time that a source takes is reading the standard library, fmt and GoogleTest: each GROUP of targets reads them once,
# by its first one. The build for fuzzing does without, so that an include which is missing in a source is found.
function(_sonde_precompiled_headers target group)
  if(NOT SONDE_PRECOMPILED_HEADERS)
    return()
  endif()
  get_property(owner GLOBAL PROPERTY sonde_headers_of_${group})
  if(owner)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  else()
    set_property(GLOBAL PROPERTY sonde_headers_of_${group} ${target})
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

function(sonde_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS;LIBS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "sonde_library(${folder}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  _sonde_folder_targets(dependencies ${arg_DEPS})
  set(target sonde_${folder})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    target_compile_options(${target} PRIVATE ${SONDE_WARNINGS})
    _sonde_precompiled_headers(${target} program ${SONDE_COMMON_HEADERS})
  else()
    add_library(${target} INTERFACE) # a folder of headers and tables only
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} "${CMAKE_SOURCE_DIR}/src" "${SONDE_GENERATED_DIR}")
  target_link_libraries(${target} ${scope} ${dependencies} ${arg_LIBS})
endfunction()

# Generated code is not ours to format or to free of warnings.
function(_sonde_add_generated folder source)
  set_source_files_properties("${source}" TARGET_DIRECTORY sonde_${folder} PROPERTIES COMPILE_OPTIONS "-w")
  target_sources(sonde_${folder} PRIVATE "${source}")
endfunction()

# grammar.y of folder parser becomes "parser/grammar.tab.h" and grammar.tab.cpp in the build folder.
# Every conflict of the grammar is an error.
function(sonde_bison folder file)
  cmake_path(GET file STEM stem)
  set(folder_out "${SONDE_GENERATED_DIR}/${folder}")
  file(MAKE_DIRECTORY "${folder_out}")
  add_custom_command(
    OUTPUT "${folder_out}/${stem}.tab.cpp" "${folder_out}/${stem}.tab.h"
    COMMAND "${BISON_EXECUTABLE}" -Wall -Werror=conflicts-sr,conflicts-rr --header=${stem}.tab.h
            -o ${stem}.tab.cpp "${CMAKE_CURRENT_SOURCE_DIR}/${file}"
    DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}"
    WORKING_DIRECTORY "${folder_out}"
    COMMENT "Bison ${folder}/${file}"
    VERBATIM)
  _sonde_add_generated(${folder} "${folder_out}/${stem}.tab.cpp")
endfunction()

# lexer.l of folder parser becomes lexer.lex.cpp and, with %option header-file unset, "parser/lexer.lex.h".
function(sonde_flex folder file)
  cmake_path(GET file STEM stem)
  set(folder_out "${SONDE_GENERATED_DIR}/${folder}")
  file(MAKE_DIRECTORY "${folder_out}")
  add_custom_command(
    OUTPUT "${folder_out}/${stem}.lex.cpp" "${folder_out}/${stem}.lex.h"
    COMMAND "${FLEX_EXECUTABLE}" --header-file=${stem}.lex.h -o ${stem}.lex.cpp
            "${CMAKE_CURRENT_SOURCE_DIR}/${file}"
    DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}"
    WORKING_DIRECTORY "${folder_out}"
    COMMENT "Flex ${folder}/${file}"
    VERBATIM)
  _sonde_add_generated(${folder} "${folder_out}/${stem}.lex.cpp")
endfunction()

# How every executable is linked. The static form starts in under a millisecond: no dynamic loader, no relocation.
function(_sonde_link_options target)
  target_link_options(${target} PRIVATE ${SONDE_LLD_OPTIONS} -Wl,--gc-sections)
  if(SONDE_STATIC)
    target_link_options(${target} PRIVATE -static -no-pie)
  endif()
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_link_options(${target} PRIVATE -Wl,--strip-debug) # the archives of LLVM carry 15 MB of DWARF; symbols stay
  endif()
endfunction()

# Lays out functions in the order in which a start-up first calls them, which saves half of the page faults.
# Names that a compiler or LLVM version does not have are ignored: the list costs nothing when it is out of date.
function(_sonde_order_symbols target)
  if(EXISTS "${SONDE_SYMBOL_ORDER}" AND SONDE_LLD)
    target_link_options(${target} PRIVATE "-Wl,--symbol-ordering-file=${SONDE_SYMBOL_ORDER}"
                        -Wl,--no-warn-symbol-ordering)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${SONDE_SYMBOL_ORDER}")
  endif()
endfunction()

function(_sonde_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS;LIBS")
  _sonde_folder_targets(dependencies ${arg_DEPS})
  add_executable(${name} ${arg_SOURCES})
  target_compile_options(${name} PRIVATE ${SONDE_WARNINGS})
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}/src" "${SONDE_GENERATED_DIR}")
  target_link_libraries(${name} PRIVATE ${dependencies} ${arg_LIBS})
  _sonde_link_options(${name})
endfunction()

function(sonde_program name)
  _sonde_executable(${name} ${ARGN})
  _sonde_precompiled_headers(${name} program ${SONDE_COMMON_HEADERS})
  _sonde_order_symbols(${name})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
endfunction()

# Each TEST of the program becomes a ctest test `<name>.<suite>.<test>`; GTEST_SKIP() counts as skipped, with its text as the
# reason. Tests run in the top source folder, so that "tests/..." opens there.
function(sonde_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL" "TIMEOUT;WORKING_DIRECTORY" "SOURCES;DEPS;LIBS;LABELS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "sonde_test(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  if(NOT arg_WORKING_DIRECTORY)
    set(arg_WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  endif()
  _sonde_executable(${name} SOURCES ${arg_SOURCES} DEPS ${arg_DEPS} LIBS ${arg_LIBS} GTest::gmock_main)
  _sonde_precompiled_headers(${name} tests ${SONDE_COMMON_HEADERS} <gmock/gmock.h> <gtest/gtest.h>)
  if(NOT SONDE_SANITIZE)
    # Expectations need no speed, and optimising them takes a third of the time to build all tests.
    target_compile_options(${name} PRIVATE -O0)
  endif()
  gtest_discover_tests(
    ${name}
    TEST_PREFIX "${name}."
    WORKING_DIRECTORY "${arg_WORKING_DIRECTORY}"
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    NO_PRETTY_VALUES
    TEST_LIST ${name}_tests
    PROPERTIES TIMEOUT ${arg_TIMEOUT} RUN_SERIAL ${arg_SERIAL})
  # gtest_discover_tests() keeps only the first of several labels, so they are set by a script that ctest reads after its own.
  if(arg_LABELS)
    set(label_script "${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake")
    file(WRITE "${label_script}"
         "if(${name}_tests)\n  set_tests_properties(\${${name}_tests} PROPERTIES LABELS \"${arg_LABELS}\")\nendif()\n")
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${label_script}")
  endif()
endfunction()
