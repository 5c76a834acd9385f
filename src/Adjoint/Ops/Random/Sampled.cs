using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// A number drawn from the gamma distribution of scale 1, as a function of the shape a. What the shape does to it follows from P(a, x) = u for a
/// fixed u, whichever way it was drawn: dx/da = -(dP/da) / (dP/dx) (M. Figurnov, S. Mohamed, A. Mnih, "Implicit reparameterization gradients", 2018).
/// </summary>
/// <param name="IsQuantile">The second input is u, and not what was drawn.</param>
internal readonly record struct StandardGamma(bool IsQuantile) : IScalarFunction<StandardGamma>
{
    public double Value(ReadOnlySpan<double> x) => IsQuantile ? Quantiles.Gamma(x[0], x[1]) : x[1];

    public Tensor? Derivative(int input, Tensor[] x)
    {
        if (input > 0)
        {
            return null;
        }

        // What was drawn is recorded again: its own dependence on the shape is part of the second derivative.
        var drawn = ScalarCall.Again(this, x);
        return -ScalarCall.Again(new Igamma(1), x[0], drawn) / ScalarCall.Again(default(GammaDensity), x[0], drawn);
    }
}

/// <summary>A whole number drawn from Poisson's distribution; as in PyTorch nothing flows into the rate, which gets zeros.</summary>
internal readonly record struct Poisson(bool IsQuantile) : IScalarFunction<Poisson>
{
    public double Value(ReadOnlySpan<double> x) => IsQuantile ? Quantiles.Poisson(x[0], x[1]) : x[1];

    public Tensor? Derivative(int input, Tensor[] x) => input == 0 ? Tensor.ZerosLike(x[0]) : null;
}

/// <summary>A number of successes; as in PyTorch nothing flows into the probability, which gets zeros.</summary>
internal readonly record struct Binomial(bool IsQuantile) : IScalarFunction<Binomial>
{
    public double Value(ReadOnlySpan<double> x) => IsQuantile ? Quantiles.Binomial(x[0], x[1], x[2]) : x[2];

    public Tensor? Derivative(int input, Tensor[] x) => input == 1 ? Tensor.ZerosLike(x[1]) : null;
}

/// <summary>Drawing with parameters that differ from element to element.</summary>
internal static class Sampled
{
    /// <summary>A parameter in a real dtype.</summary>
    public static Tensor[] Together(string kernel, Tensor parameter, [CallerArgumentExpression(nameof(parameter))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(parameter, name);
        return All(kernel, parameter);
    }

    /// <summary>Two parameters in one real dtype and one shape.</summary>
    public static Tensor[] Together(
        string kernel,
        Tensor first,
        Tensor second,
        [CallerArgumentExpression(nameof(first))] string nameOfFirst = "",
        [CallerArgumentExpression(nameof(second))] string nameOfSecond = "")
    {
        ArgumentNullException.ThrowIfNull(first, nameOfFirst);
        ArgumentNullException.ThrowIfNull(second, nameOfSecond);
        return All(kernel, first, second);
    }

    private static Tensor[] All(string kernel, params Tensor[] parameters)
    {
        var dtype = Promotion.ResultType(parameters);
        var layout = parameters[0].Layout;
        foreach (var parameter in parameters.AsSpan(1))
        {
            layout = Layout.Broadcast(layout, parameter.Layout);
        }

        return dtype.IsFloatingPoint
            ? Array.ConvertAll(parameters, parameter => (parameter.DType == dtype ? parameter : parameter.To(dtype)).Expand(layout.Sizes))
            : throw RandomFill.NotReal(dtype, kernel);
    }

    /// <summary>Whether numbers have to come from <c>Tensor.Rand</c>, which every transform follows.</summary>
    public static bool IsFollowed(Tensor[] parameters) =>
        Array.Exists(parameters, parameter => parameter.Tracer is not null) || Nesting.IsDrawnForEach;

    /// <summary>A draw for each element of the parameters.</summary>
    public static Tensor Each(Tensor[] parameters, Generator? generator, Func<Draws.Source, double[], double> recipe)
    {
        var columns = Array.ConvertAll(parameters, parameter => parameter.Detach().ToArray<double>());
        var values = new double[columns[0].Length];
        var row = new double[columns.Length];
        Draws.Each(generator ?? Generator.Default, values, (source, i) =>
        {
            for (var k = 0; k < row.Length; k++)
            {
                row[k] = columns[k][i];
            }

            return recipe(source, row);
        });
        return Op.Convert(Tensor.FromArray(values, parameters[0].Layout.Sizes), parameters[0].DType);
    }

    /// <summary>Checks values that nothing follows; a batch is not looked at.</summary>
    /// <exception cref="TensorException">A value is not allowed.</exception>
    public static void Check(Tensor parameter, Func<double, bool> isAllowed, string sentence)
    {
        if (parameter.Tracer is null && !Array.TrueForAll(parameter.Detach().ToArray<double>(), value => isAllowed(value)))
        {
            throw new TensorException(sentence);
        }
    }

    /// <summary>Exponential numbers of mean 1.</summary>
    public static Tensor Exponential(ReadOnlySpan<int> shape, DType dtype, Generator? generator) =>
        Nesting.Random(shape, sizes => RandomFill.Exponential(Tensor.Empty(sizes, dtype), 1, generator));
}
