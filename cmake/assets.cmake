# Files that are built into the program: an assembler file that includes their bytes, and an index.
file(GLOB asset_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/figures/*.figure
  ${PROJECT_SOURCE_DIR}/criteria/*.criteria ${PROJECT_SOURCE_DIR}/rules/*.csv
  ${PROJECT_SOURCE_DIR}/assets/*.css ${PROJECT_SOURCE_DIR}/assets/*.js ${PROJECT_SOURCE_DIR}/assets/*.svg
  ${PROJECT_SOURCE_DIR}/assets/*.png ${PROJECT_SOURCE_DIR}/assets/*.webmanifest)
foreach(name data/codelists.csv data/places.csv.gz data/places_retired.csv
        data/county_centroids.csv data/place_aliases.csv)
  if(EXISTS ${PROJECT_SOURCE_DIR}/${name})
    list(APPEND asset_files ${PROJECT_SOURCE_DIR}/${name})
  endif()
endforeach()

set(asm "    .section .rodata\n")
set(index "#include \"cli/asset.h\"\n#include <stdint.h>\n#include <string.h>\n")
set(rows "")
set(i 0)
set(built_in "")
foreach(file ${asset_files})
  file(RELATIVE_PATH name ${PROJECT_SOURCE_DIR} ${file})
  if(name MATCHES "\\.js$")
    # Phones load scripts without their comments and indents.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(REGEX REPLACE "\n +" "\n" text "\n${text}")
    string(REGEX REPLACE "\n//[^\n]*" "" text "${text}")
    string(REGEX REPLACE "\n\n+" "\n" text "${text}")
    set(file ${PROJECT_BINARY_DIR}/${name})
    file(CONFIGURE OUTPUT ${file} CONTENT "${text}" @ONLY)
  endif()
  list(APPEND built_in ${file})
  string(APPEND asm "    .balign 16\n    .global jd_asset_${i}\njd_asset_${i}:\n    .incbin \"${file}\"\n"
    "    .global jd_asset_${i}_end\njd_asset_${i}_end:\n    .byte 0\n")
  string(APPEND index "extern const char jd_asset_${i}[], jd_asset_${i}_end[];\n")
  string(APPEND rows "    ASSET(\"${name}\", jd_asset_${i}, jd_asset_${i}_end),\n")
  math(EXPR i "${i} + 1")
endforeach()
string(APPEND asm "    .section .note.GNU-stack,\"\",@progbits\n")
# The length cannot be a constant expression in C, so the index is filled at look-up from two pointers.
string(APPEND index "static const struct { const char *name, *p, *end; } rows[] = {\n"
  "#define ASSET(n, p, end) { n, p, end }\n${rows}};\n"
  "int asset_count(void) { return (int)(sizeof rows / sizeof *rows); }\n"
  "struct asset asset_at(int i)\n{\n    return (struct asset){ rows[i].name, rows[i].p,\n"
  "        (size_t)((uintptr_t)rows[i].end - (uintptr_t)rows[i].p) };\n}\n"
  "bool asset_find(const char *name, struct asset *out)\n{\n"
  "    for (int i = 0; i < asset_count(); i++)\n"
  "        if (!strcmp(rows[i].name, name)) { *out = asset_at(i); return true; }\n    return false;\n}\n")
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/assets.s CONTENT "${asm}")
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/assets.c CONTENT "${index}")
set_source_files_properties(${PROJECT_BINARY_DIR}/assets.s PROPERTIES OBJECT_DEPENDS "${built_in}")
add_library(jd_assets STATIC ${PROJECT_BINARY_DIR}/assets.s ${PROJECT_BINARY_DIR}/assets.c)
target_link_libraries(jd_assets PUBLIC jd_flags)
# The assembler file is given the C flags too; clang would complain of those it does not use.
target_compile_options(jd_assets PRIVATE -Wno-unused-command-line-argument)
