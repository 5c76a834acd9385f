// sum(tanh(x) exp(-x^2) + sin(x)) and its gradient in one pass over memory. The cosine is not in the same loop as the sine: a compiler that sees
// both calls sincos, which has no vector form.
#include <cmath>
#include <cstddef>

namespace {

constexpr size_t kTile = 512;

template <typename T>
void cosines(size_t n, const T* __restrict x, T* __restrict out) {
#pragma omp simd
  for (size_t i = 0; i < n; i++) out[i] = std::cos(x[i]);
}

template <typename T>
double tile(size_t n, const T* __restrict x, const T* __restrict cosine, T* __restrict gradient) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t i = 0; i < n; i++) {
    const T t = std::tanh(x[i]), e = std::exp(-x[i] * x[i]), s = std::sin(x[i]);
    sum += t * e + s;
    gradient[i] = (1 - t * t) * e - 2 * x[i] * t * e + cosine[i];
  }
  return sum;
}

template <typename T>
double chain(size_t n, const T* x, T* gradient) {
  double sum = 0;
  T cosine[kTile];
  for (size_t i = 0; i < n; i += kTile) {
    const size_t count = n - i < kTile ? n - i : kTile;
    cosines(count, x + i, cosine);
    sum += tile(count, x + i, cosine, gradient + i);
  }
  return sum;
}

}  // namespace

extern "C" double chain_f32(size_t n, const float* x, float* gradient) { return chain(n, x, gradient); }
extern "C" double chain_f64(size_t n, const double* x, double* gradient) { return chain(n, x, gradient); }
