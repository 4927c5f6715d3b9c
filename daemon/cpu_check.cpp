// Refuses CPUs older than x86-64-v3 with a sentence instead of an illegal instruction.
//
// strategies/ is compiled for AVX2, FMA and BMI2, and an inline function of its may be the copy
// that the linker keeps. So this runs before all other constructors (priority 101 is the first
// that is ours to use), and uses nothing that a template or a library could bring along.
#ifdef HPO_NEEDS_X86_64_V3
#include <unistd.h>

namespace {

constexpr int exit_wrong_cpu = 78;  // EX_CONFIG of sysexits.h: starting again does not help

constexpr char sentence[] =
    "hpod: this CPU lacks AVX2, FMA or BMI2 (x86-64-v3), for which hpod was built.\n"
    "Start it on a newer node, or build it for this one: cmake -DHPO_ARCH=x86-64 ...\n";

__attribute__((constructor(101))) void refuse_older_cpu() {
  __builtin_cpu_init();
  const bool is_supported = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                            __builtin_cpu_supports("bmi2");
  if (is_supported) return;
  [[maybe_unused]] const auto written = write(STDERR_FILENO, sentence, sizeof sentence - 1);
  _exit(exit_wrong_cpu);
}

}  // namespace
#endif
