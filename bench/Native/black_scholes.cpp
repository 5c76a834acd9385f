// Prices of European calls and their derivatives by spot, time, volatility and rate: closed forms, one pass.
#include <cmath>
#include <cstddef>

namespace {

void prices(size_t n, const double* __restrict s, const double* __restrict t, const double* __restrict v, const double* __restrict r,
            const double* __restrict k, double* __restrict price, double* __restrict by_s, double* __restrict by_t, double* __restrict by_v,
            double* __restrict by_r) {
  const double half = 0.70710678118654752440, density = 0.39894228040143267794;
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    const double root = std::sqrt(t[i]), spread = v[i] * root;
    const double d1 = (std::log(s[i] / k[i]) + r[i] * t[i]) / spread + spread / 2, d2 = d1 - spread;
    const double n1 = 0.5 * (1 + std::erf(d1 * half)), n2 = 0.5 * (1 + std::erf(d2 * half));
    const double discounted = k[i] * std::exp(-r[i] * t[i]), phi = density * std::exp(-0.5 * d1 * d1);
    price[i] = s[i] * n1 - discounted * n2;
    by_s[i] = n1;
    by_t[i] = s[i] * phi * v[i] / (2 * root) + r[i] * discounted * n2;
    by_v[i] = s[i] * phi * root;
    by_r[i] = discounted * n2 * t[i];
  }
}

}  // namespace

extern "C" void black_scholes(size_t n, const double* const* in, double* const* out) {
  prices(n, in[0], in[1], in[2], in[3], in[4], out[0], out[1], out[2], out[3], out[4]);
}
