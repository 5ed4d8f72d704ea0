# Language level, warnings, sanitizers and the launcher: what holds for every target of the project.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

if(SONDE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(SONDE_CCACHE_PROGRAM ccache)
  if(SONDE_CCACHE_PROGRAM)
    set(CMAKE_C_COMPILER_LAUNCHER "${SONDE_CCACHE_PROGRAM}")
    # Else it passes by whatever uses a precompiled header. Nothing there expands __TIME__ or depends on macros of its users.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        "${SONDE_CCACHE_PROGRAM}")
  endif()
endif()

# Fits --gc-sections and the symbol order: both work on sections, one per function or object.
add_compile_options(-ffunction-sections -fdata-sections)

# __FILE__ in checks and debug information name files from the top of the tree, wherever it lies.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

if(SONDE_STATIC)
  if(SONDE_SANITIZE)
    message(FATAL_ERROR "SONDE_SANITIZE needs SONDE_STATIC=OFF: the sanitizers' runtimes are shared")
  endif()
  # A fixed address saves relocation processing at start, about a third of it for LLVM's tables.
  add_compile_options(-fno-pie)
  add_link_options(-no-pie)
endif()

if(SONDE_SANITIZE)
  add_compile_options(-fsanitize=${SONDE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SONDE_SANITIZE})
endif()
if(SONDE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link -w) # warnings are for g++, in the other presets
endif()

# -Wconversion is left out: with g++ 12 it reports every compound assignment to a narrow integer.
# Designated initialisers may leave fields at their defaults, so -Wextra's complaint about that goes.
# A local may have the name of a field (`name` and `type` are everywhere), not that of another local.
set(SONDE_WARNINGS
    -Wall
    -Wextra
    -Wpedantic
    -Wshadow=local
    -Wnon-virtual-dtor
    -Woverloaded-virtual
    -Wcast-qual
    -Wformat=2
    -Wundef
    -Wno-missing-field-initializers)
if(SONDE_WERROR)
  # Flow analysis under sanitizer instrumentation guesses wrong too often to be fatal.
  list(APPEND SONDE_WARNINGS -Werror -Wno-error=maybe-uninitialized)
endif()
