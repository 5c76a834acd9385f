using Adjoint.Conformance.Values;
using L = Adjoint.NN; // some layers are called like operators

namespace Adjoint.Conformance.Modules;

/// <summary>Activations.</summary>
internal static class Activations
{
    public static void Add(Dictionary<string, Func<Call, Generator, L.Module>> table)
    {
        table["CELU"] = (c, _) => new L.CELU(c.Number(0, "alpha", 1));
        table["ELU"] = (c, _) => new L.ELU(c.Number(0, "alpha", 1));
        table["GELU"] = (c, _) => new L.GELU(c.Text(0, "approximate") ?? "none");
        table["GLU"] = (c, _) => new L.GLU(c.Int(0, "dim", -1));
        table["Hardshrink"] = (c, _) => new L.Hardshrink(c.Number(0, "lambd", 0.5));
        table["Hardsigmoid"] = (_, _) => new L.Hardsigmoid();
        table["Hardswish"] = (_, _) => new L.Hardswish();
        table["Hardtanh"] = (c, _) => new L.Hardtanh(c.Number(0, "min_val", -1), c.Number(1, "max_val", 1));
        table["LeakyReLU"] = (c, _) => new L.LeakyReLU(c.Number(0, "negative_slope", 0.01));
        table["LogSigmoid"] = (_, _) => new L.LogSigmoid();
        table["LogSoftmax"] = (c, _) => new L.LogSoftmax(c.Int(0, "dim"));
        table["Mish"] = (_, _) => new L.Mish();
        table["PReLU"] = (c, _) => new L.PReLU(c.Int(0, "num_parameters", 1), c.Number(1, "init", 0.25), DType.Float64);
        table["ReLU"] = (_, _) => new L.ReLU();
        table["ReLU6"] = (_, _) => new L.ReLU6();
        table["RReLU"] = (c, _) => new L.RReLU(c.Number(0, "lower", 1.0 / 8), c.Number(1, "upper", 1.0 / 3));
        table["SELU"] = (_, _) => new L.SELU();
        table["Sigmoid"] = (_, _) => new L.Sigmoid();
        table["SiLU"] = (_, _) => new L.SiLU();
        table["Softmax"] = (c, _) => new L.Softmax(c.Int(0, "dim"));
        table["Softmax2d"] = (_, _) => new L.Softmax2d();
        table["Softmin"] = (c, _) => new L.Softmin(c.Int(0, "dim"));
        table["Softplus"] = (c, _) => new L.Softplus(c.Number(0, "beta", 1), c.Number(1, "threshold", 20));
        table["Softshrink"] = (c, _) => new L.Softshrink(c.Number(0, "lambd", 0.5));
        table["Softsign"] = (_, _) => new L.Softsign();
        table["Tanh"] = (_, _) => new L.Tanh();
        table["Tanhshrink"] = (_, _) => new L.Tanhshrink();
        table["Threshold"] = (c, _) => new L.Threshold(c.Number(0, "threshold", 0), c.Number(1, "value", 0));
    }
}
