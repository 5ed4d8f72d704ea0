# Run as a script: makes one page of the report's assets and writes it, compressed, as a C++ array.
#   cmake -DOUT=report_assets.cpp -DFOLDER=src/output/report -DSCRIPTS=a.js,b.js -P ReportAssets.cmake
# Indentation, empty lines and lines of comments go: they would be a third of every page.

# `result`: the shortened text of the file.
function(read_asset file result)
  file(READ "${FOLDER}/${file}" text)
  string(REGEX REPLACE "\n[ \t]+" "\n" text "${text}")
  string(REGEX REPLACE "\n//[^\n]*" "" text "${text}")
  string(REGEX REPLACE "^//[^\n]*\n" "" text "${text}")
  string(REGEX REPLACE "\n+" "\n" text "${text}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

read_asset(style.css style)
string(REPLACE "," ";" SCRIPTS "${SCRIPTS}")
set(script "(() => {\n\"use strict\";\n")
foreach(file IN LISTS SCRIPTS)
  read_asset(${file} text)
  string(APPEND script "${text}")
endforeach()
string(APPEND script "})();")
read_asset(page.html page)
string(REPLACE "{{style}}" "${style}" page "${page}")
string(REPLACE "{{script}}" "${script}" page "${page}")
string(LENGTH "${page}" length)
file(WRITE "${OUT}.html" "${page}")
file(ARCHIVE_CREATE OUTPUT "${OUT}.gz" PATHS "${OUT}.html" FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)
file(READ "${OUT}.gz" bytes HEX)
string(REGEX REPLACE "^(1f8b08..)........" "\\100000000" bytes "${bytes}") # The time of the build is nobody's business.
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
file(WRITE "${OUT}"
     "#include \"output/report_assets.h\"\n\nnamespace sonde::output::report_assets {\n"
     "namespace {\nconst unsigned char kBytes[] = {\n${bytes}\n};\n}\n"
     "const std::span<const unsigned char> kPage(kBytes);\nconst std::size_t kPageBytes = ${length};\n}\n")
