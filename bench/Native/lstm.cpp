// ADBench's recurrent network with diagonal weights: the loss and its gradient, with an adjoint written by hand. Up to 16 bits, padded, so that every
// loop over them is one or two vectors.
#include <cmath>
#include <cstddef>
#include <cstring>
#include <vector>

namespace {

constexpr int kBits = 16, kLayers = 8;

struct Vec {
  alignas(64) double v[kBits];
};

// What a layer's step leaves for the adjoint: its input, the state before it, gates and the new memory's tanh.
struct Step {
  Vec x, hidden, memory, forget, enter, leave, change, squashed, out;
};

struct Weights {
  Vec w[kLayers][4], b[kLayers][4];
};

Vec load(const double* from, int bits) {
  Vec result = {};
  std::memcpy(result.v, from, sizeof(double) * bits);
  return result;
}

void forward(Step& s, const Vec* w, const Vec* b, Vec& hidden, Vec& memory) {
#pragma omp simd
  for (int k = 0; k < kBits; k++) {
    s.hidden.v[k] = hidden.v[k];
    s.memory.v[k] = memory.v[k];
    const double f = 1 / (1 + std::exp(-(s.x.v[k] * w[0].v[k] + b[0].v[k])));
    const double i = 1 / (1 + std::exp(-(hidden.v[k] * w[1].v[k] + b[1].v[k])));
    const double o = 1 / (1 + std::exp(-(s.x.v[k] * w[2].v[k] + b[2].v[k])));
    const double a = std::tanh(hidden.v[k] * w[3].v[k] + b[3].v[k]);
    const double next = memory.v[k] * f + i * a, squashed = std::tanh(next);
    s.forget.v[k] = f;
    s.enter.v[k] = i;
    s.leave.v[k] = o;
    s.change.v[k] = a;
    s.squashed.v[k] = squashed;
    memory.v[k] = next;
    s.out.v[k] = hidden.v[k] = o * squashed;
  }
}

// Takes the gradient of what the layer gave, y, and of its state; leaves those of its input, in y, and of the state before.
void backward(const Step& s, const Vec* w, Vec* dw, Vec* db, Vec& y, Vec& hidden, Vec& memory) {
#pragma omp simd
  for (int k = 0; k < kBits; k++) {
    const double f = s.forget.v[k], i = s.enter.v[k], o = s.leave.v[k], a = s.change.v[k], t = s.squashed.v[k];
    const double h = hidden.v[k] + y.v[k], c = memory.v[k] + h * o * (1 - t * t);
    const double zf = c * s.memory.v[k] * f * (1 - f), zi = c * a * i * (1 - i), zo = h * t * o * (1 - o), za = c * i * (1 - a * a);
    memory.v[k] = c * f;
    dw[0].v[k] += zf * s.x.v[k];
    dw[1].v[k] += zi * s.hidden.v[k];
    dw[2].v[k] += zo * s.x.v[k];
    dw[3].v[k] += za * s.hidden.v[k];
    db[0].v[k] += zf;
    db[1].v[k] += zi;
    db[2].v[k] += zo;
    db[3].v[k] += za;
    y.v[k] = zf * w[0].v[k] + zo * w[2].v[k];
    hidden.v[k] = zi * w[1].v[k] + za * w[3].v[k];
  }
}

}  // namespace

// main: [2 layers, 4 bits], extra: [3, bits], state: [2 layers, bits], sequence: [characters, bits]; gradient: as main, then as extra.
extern "C" double lstm(int layers, int characters, int bits, const double* main, const double* extra, const double* state, const double* sequence,
                       double* gradient) {
  static thread_local std::vector<Step> steps;
  static thread_local std::vector<Vec> slopes;
  const int count = characters - 1;
  steps.resize((size_t)count * layers);
  slopes.resize(count);
  Weights p = {}, d = {};
  Vec hidden[kLayers] = {}, memory[kLayers] = {}, d_hidden[kLayers] = {}, d_memory[kLayers] = {};
  for (int l = 0; l < layers; l++) {
    for (int g = 0; g < 4; g++) {
      p.w[l][g] = load(main + (2 * l * 4 + g) * bits, bits);
      p.b[l][g] = load(main + ((2 * l + 1) * 4 + g) * bits, bits);
    }
    hidden[l] = load(state + 2 * l * bits, bits);
    memory[l] = load(state + (2 * l + 1) * bits, bits);
  }
  const Vec in = load(extra, bits), out = load(extra + bits, bits), bias = load(extra + 2 * bits, bits);
  Vec d_in = {}, d_out = {}, d_bias = {};

  double loss = 0;
  const double scale = -1.0 / ((double)bits * count);
  for (int t = 0; t < count; t++) {
    Vec x = load(sequence + (size_t)t * bits, bits);
    const Vec next = load(sequence + (size_t)(t + 1) * bits, bits);
    for (int k = 0; k < kBits; k++) x.v[k] *= in.v[k];
    for (int l = 0; l < layers; l++) {
      Step& s = steps[(size_t)t * layers + l];
      s.x = x;
      forward(s, p.w[l], p.b[l], hidden[l], memory[l]);
      x = s.out;
    }
    Vec e;
    double sum = 2, dot = 0, ones = 0;
    for (int k = 0; k < kBits; k++) {
      const double y = x.v[k] * out.v[k] + bias.v[k];
      e.v[k] = k < bits ? std::exp(y) : 0;
      sum += e.v[k];
      dot += next.v[k] * y;
      ones += next.v[k];
    }
    loss += dot - ones * std::log(sum);
    for (int k = 0; k < kBits; k++) slopes[t].v[k] = scale * (next.v[k] - ones * e.v[k] / sum);
  }

  for (int t = count - 1; t >= 0; t--) {
    const Vec x = load(sequence + (size_t)t * bits, bits), slope = slopes[t], last = steps[(size_t)t * layers + layers - 1].out;
    Vec y;
    for (int k = 0; k < kBits; k++) {
      d_out.v[k] += slope.v[k] * last.v[k];
      d_bias.v[k] += slope.v[k];
      y.v[k] = slope.v[k] * out.v[k];
    }
    for (int l = layers - 1; l >= 0; l--) backward(steps[(size_t)t * layers + l], p.w[l], d.w[l], d.b[l], y, d_hidden[l], d_memory[l]);
    for (int k = 0; k < kBits; k++) d_in.v[k] += y.v[k] * x.v[k];
  }

  for (int l = 0; l < layers; l++)
    for (int g = 0; g < 4; g++) {
      std::memcpy(gradient + (2 * l * 4 + g) * bits, d.w[l][g].v, sizeof(double) * bits);
      std::memcpy(gradient + ((2 * l + 1) * 4 + g) * bits, d.b[l][g].v, sizeof(double) * bits);
    }
  gradient += 8 * layers * bits;
  std::memcpy(gradient, d_in.v, sizeof(double) * bits);
  std::memcpy(gradient + bits, d_out.v, sizeof(double) * bits);
  std::memcpy(gradient + 2 * bits, d_bias.v, sizeof(double) * bits);
  return scale * loss;
}
