# SPDX-License-Identifier: MIT
# cmake -D RECORD=FILE -P vcpkg.cmake PORTFILE is what tests/check_ports.py runs instead of vcpkg: each function
# of vcpkg that the port calls writes its name and arguments into FILE, one call a line.
function(called name)
  list(JOIN ARGN " " arguments)
  file(APPEND "${RECORD}" "${name} ${arguments}\n")
endfunction()
foreach(name IN ITEMS vcpkg_configure_meson vcpkg_install_meson vcpkg_fixup_pkgconfig vcpkg_cmake_config_fixup
        vcpkg_copy_tools vcpkg_install_copyright)
  cmake_language(EVAL CODE "function(${name})\n  called(${name} \${ARGN})\nendfunction()")
endforeach()
get_filename_component(CURRENT_PORT_DIR "${PORTFILE}" DIRECTORY)
include("${PORTFILE}")
