using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// An operator that is a function of one to three numbers with parameters such as the order of a derivative, so that its derivatives are mostly the
/// same function with other parameters. It is computed in float64, one number after the other, in one loop for all, on inputs of one shape and dtype.
/// </summary>
/// <typeparam name="S">The operator itself.</typeparam>
internal interface IScalarFunction<S> : IMultiOutput
    where S : struct, IScalarFunction<S>
{
    static bool IMultiOutput.ReadsInput(int input) => true;

    /// <summary>The value.</summary>
    double Value(ReadOnlySpan<double> x);

    /// <summary>The derivative against an input in recorded operators; null where it is zero everywhere.</summary>
    Tensor? Derivative(int input, Tensor[] x);

    TensorType[] IMultiOutput.Infer(TensorType[] inputs) => [new(inputs[0].Shape, inputs[0].DType)];

    Tensor[] IMultiOutput.Apply(Tensor[] inputs)
    {
        var columns = Array.ConvertAll(inputs, x => x.Detach().ToArray<double>());
        var values = new double[columns[0].Length];
        Span<double> row = stackalloc double[columns.Length];
        for (var i = 0; i < values.Length; i++)
        {
            for (var k = 0; k < columns.Length; k++)
            {
                row[k] = columns[k][i];
            }

            values[i] = Value(row);
        }

        return [Op.Convert(Tensor.FromArray(values, inputs[0].Layout.Sizes), inputs[0].DType)];
    }

    Tensor?[] IMultiOutput.Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var pulled = new Tensor?[inputs.Length];
        for (var i = 0; i < pulled.Length; i++)
        {
            pulled[i] = gradients[0] is { } g && Derivative(i, inputs!) is { } slope ? g * slope : null;
        }

        return pulled;
    }

    Tensor?[]? IMultiOutput.Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        Tensor? sum = null;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (tangents[i] is { } tangent && Derivative(i, inputs) is { } slope)
            {
                sum = sum is null ? tangent * slope : sum + (tangent * slope);
            }
        }

        return [sum];
    }

    Tensor[] IMultiOutput.Batch(Tensor[] inputs) => Op.MultiOutput((S)this, inputs);
}

/// <summary>The way to such functions: promotes and broadcasts.</summary>
internal static class ScalarCall
{
    /// <summary>The function of two inputs, in place of the first.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The tensor is no real one.</exception>
    public static Tensor RunInPlace<S>(S function, Tensor x, Tensor other)
        where S : struct, IScalarFunction<S>
    {
        // Of a copy, because the derivative reads the old values.
        var result = Run(function, x.Clone(), other);
        InPlace.ThrowUnlessFits(x, result.DType, result.Layout);
        return x.Copy_(result);
    }

    /// <summary>The function of inputs that broadcast; whole numbers are converted to the default real dtype.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Run<S>(S function, params Tensor[] inputs)
        where S : struct, IScalarFunction<S>
    {
        foreach (var input in inputs)
        {
            Operands.ThrowIfNull<S>(input, "other");
        }

        var dtype = Promotion.ResultType(inputs);
        if (!dtype.IsFloatingPoint)
        {
            dtype = DType.DefaultReal;
        }

        var layout = inputs[0].Layout;
        foreach (var input in inputs.AsSpan(1))
        {
            layout = Layout.Broadcast(layout, input.Layout);
        }

        return Again(function, Array.ConvertAll(inputs, input => (input.DType == dtype ? input : input.To(dtype)).Expand(layout.Sizes)));
    }

    /// <summary>The function of inputs of one shape and dtype.</summary>
    public static Tensor Again<S>(S function, params Tensor[] inputs)
        where S : struct, IScalarFunction<S> => Op.MultiOutput(function, inputs)[0];
}
