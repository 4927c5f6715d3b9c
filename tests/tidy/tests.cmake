hpo_test(tidy_test tidy tidy/tidy_test.cpp tidy/rules_test.cpp tidy/source.cpp tidy/includes.cpp
  tidy/shape.cpp tidy/words.cpp tidy/twins.cpp tidy/lists.cpp)
