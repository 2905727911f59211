# Flags of our own builds: examples, tests, benchmarks. Users choose theirs.
add_library(xgrad_own INTERFACE)
target_link_libraries(xgrad_own INTERFACE xgrad::xgrad)
target_compile_options(xgrad_own INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(XGRAD_ARCHITECTURE)
  target_compile_options(xgrad_own INTERFACE -march=${XGRAD_ARCHITECTURE})
elseif(XGRAD_NATIVE)
  target_compile_options(xgrad_own INTERFACE -march=native)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
