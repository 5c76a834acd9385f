using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Adjoint.Onnx.Tests;

/// <summary>ONNX Runtime, which runs models and with which Adjoint has to agree.</summary>
internal static class Runtime
{
    /// <summary>How far elements may be apart, of 1 and of their size.</summary>
    public const double Near = 1e-5;

    /// <summary>Runs a model.</summary>
    public static Tensor[] Run(OnnxModel model, params IReadOnlyList<Tensor> inputs)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        using var session = new InferenceSession(model.ToBytes(), options);
        var given = inputs.Select((input, i) => Value(model.Inputs[i].Name, input)).ToList();
        using var results = session.Run(given, [.. model.Outputs.Select(output => output.Name)]);
        return [.. results.Select(Read)];
    }

    /// <summary>Fails where tensors differ in shape or dtype, or elements are far apart.</summary>
    public static void Agree(Tensor expected, Tensor actual, string what, double near = Near)
    {
        Assert.True(
            expected.Shape.Equals(actual.Shape) && expected.DType == actual.DType,
            $"{what}: expected {TensorType.Of(expected)}, got {TensorType.Of(actual)}");
        var (a, b) = (Elements(expected), Elements(actual));
        for (var i = 0; i < a.Length; i++)
        {
            var isNear = a[i].Equals(b[i]) || Math.Abs(a[i] - b[i]) <= near * (1 + Math.Abs(a[i]));
            Assert.True(isNear, string.Create(CultureInfo.InvariantCulture, $"{what}: element {i} of {a.Length} is {b[i]}, expected {a[i]}"));
        }
    }

    private static double[] Elements(Tensor x) => x.Detach().To(DType.Float64).Reshape(-1).ToArray<double>();

    private static NamedOnnxValue Value(string name, Tensor x)
    {
        var sizes = x.Shape.ToArray();
        return x.DType switch
        {
            var dtype when dtype == DType.Float64 => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<double>(x.ToArray<double>(), sizes)),
            var dtype when dtype == DType.Int64 => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(x.ToArray<long>(), sizes)),
            var dtype when dtype == DType.Int32 => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<int>(x.ToArray<int>(), sizes)),
            var dtype when dtype == DType.Bool => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<bool>(x.ToArray<bool>(), sizes)),
            _ => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(x.ToArray<float>(), sizes)),
        };
    }

    private static Tensor Read(DisposableNamedOnnxValue value) => value.ElementType switch
    {
        TensorElementType.Double => Made<double>(value),
        TensorElementType.Int64 => Made<long>(value),
        TensorElementType.Int32 => Made<int>(value),
        TensorElementType.Bool => Made<bool>(value),
        TensorElementType.Float => Made<float>(value),
        var other => throw new NotSupportedException($"{value.Name} has elements of type {other}."),
    };

    private static Tensor Made<T>(DisposableNamedOnnxValue value)
        where T : unmanaged
    {
        var tensor = value.AsTensor<T>();
        return Tensor.FromArray(tensor.ToArray()).Reshape(tensor.Dimensions);
    }
}
