# cmake -DIN=study.schema.json -DOUT=study_schema.cpp -P embed.cmake
# Puts a text file into the program, as the answer of study_schema().
file(READ ${IN} text)
file(WRITE ${OUT} "// Generated from schema/json/study.schema.json; edit that.
#include \"schema/decode/decode.hpp\"

namespace hpo {

std::string_view study_schema() {
  return R\"embedded(${text})embedded\";
}

}  // namespace hpo
")
