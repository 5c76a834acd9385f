using Adjoint.Tape;

namespace Adjoint.Families;

/// <summary>
/// What the gates make sure of where an operator is not the library's own. Kernels trust the shapes and dtypes that rules promise, and tapes that a
/// result is known to nobody else; the library's operators are tested for that, those of users are checked at each call.
/// </summary>
internal static class Guest<O>
    where O : struct, IOperator
{
    /// <summary>Whether the operator comes from another assembly: a constant for the compiler.</summary>
    public static readonly bool Is = typeof(O).Assembly != typeof(Op).Assembly;

    /// <summary>An input as the operator gets it: its values, without history.</summary>
    public static Tensor Given(Tensor x) => x.RequiresGrad ? x.Renamed() : x;

    /// <summary>Runs what makes the results, not recorded.</summary>
    /// <param name="apply">The operator.</param>
    /// <param name="promised">What its shape rule says.</param>
    /// <param name="inputs">Its inputs.</param>
    public static Tensor[] Make(Func<Tensor[]> apply, TensorType[] promised, Tensor[] inputs)
    {
        Tensor[] results;
        var before = Recording.SetHere(false);
        try
        {
            results = apply();
        }
        finally
        {
            Recording.SetHere(before);
        }

        ThrowUnless(
            results is not null && results.Length == promised.Length && results.Length > 0,
            "gives another number of results than its shape rule says");
        return [.. results!.Select((result, i) => Own(result, promised[i], inputs))];
    }

    /// <summary>The same for an operator of one result.</summary>
    public static Tensor Make(Func<Tensor> apply, TensorType promised, params Tensor[] inputs) => Make(() => [apply()], [promised], inputs)[0];

    /// <summary>Refuses results that no gradient can have where gradients are asked for.</summary>
    public static void ThrowUnlessReal(Tensor result) => ThrowUnless(
        result.DType.IsFloatingPoint,
        $"gives {result.DType.TorchName}, which has no gradient, where its input requires grad. " +
        "Operators that nothing flows through are IWhole or ICompare");

    /// <summary>A gradient for an input as a rule gave it.</summary>
    /// <param name="made">The gradient.</param>
    /// <param name="input">The sizes of the input.</param>
    /// <param name="index">Which input it is.</param>
    public static Tensor Gradient(Tensor? made, Layout input, int index = 0)
    {
        ThrowUnless(made is not null, "gives null for a gradient");
        made!.IsTemporary = false;
        return made.Layout.SameSizes(input)
            ? made
            : throw new ShapeException(
                $"Function {OperatorName<O>.Text} returned an invalid gradient at index {index} - got {Shape.Text(made.Layout.Sizes)} but expected " +
                $"shape compatible with {Shape.Text(input.Sizes)}");
    }

    /// <summary>Samples as a rule gave them.</summary>
    /// <param name="made">All samples.</param>
    /// <param name="size">How many there are.</param>
    /// <param name="sample">The type of one, where that is known.</param>
    public static Tensor Samples(Tensor made, int size, TensorType sample)
    {
        var fits = made is not null && made.Rank == sample.Layout.Rank + 1 && made.Layout.Sizes[0] == size && made.DType == sample.DType
            && made.Layout.Sizes.AsSpan(1).SequenceEqual(sample.Layout.Sizes);
        ThrowUnless(fits, $"gives {Text(made)} for a batch of {size} of {sample}, in its rule for batches");
        return made!;
    }

    // The result gets a history, so it must be an object that nobody else has, over memory that no input can change.
    private static Tensor Own(Tensor? result, TensorType promised, Tensor[] inputs)
    {
        ThrowUnless(result is not null, "gives null");
        if (result!.IsStandIn)
        {
            throw new AutogradException(
                $"{OperatorName<O>.Text} gives a tensor that a transform follows. It holds a tensor of its own; " +
                "make that one an input of the operator.");
        }

        ThrowUnless(TensorType.Of(result) == promised, $"gives {Text(result)}, but its shape rule says {promised}");
        return Array.Exists(inputs, input => !input.IsStandIn && ReferenceEquals(input.Storage, result.Storage)) ? Op.Copy(result) : result.Renamed();
    }

    private static string Text(Tensor? x) => x is null ? "null" : TensorType.Of(x).ToString();

    private static void ThrowUnless(bool holds, string what)
    {
        if (!holds)
        {
            throw new AutogradException($"{OperatorName<O>.Text} {what}.");
        }
    }
}
