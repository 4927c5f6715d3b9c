// HPO_ASSERT: a sentence that only a bug of ours can make false. Active in release builds.
//
// It aborts: the store makes a restart safe, and carrying on with a broken invariant does not.
#pragma once

#include <cstdio>
#include <cstdlib>

#define HPO_ASSERT(condition, sentence)                                                     \
  do {                                                                                      \
    if (!(condition)) {                                                                     \
      std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, sentence);  \
      std::abort();                                                                         \
    }                                                                                       \
  } while (false)
