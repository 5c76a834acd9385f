namespace Adjoint.Onnx.Tests;

/// <summary>A function of tensors that is written as a model, run elsewhere, and read back.</summary>
/// <param name="Name">The operator, or the module.</param>
/// <param name="Function">The function.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="Dynamic">The dimension that may have another size; null for none.</param>
internal sealed record Case(string Name, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Function, Tensor[] Inputs, int? Dynamic = 0)
{
    /// <summary>Exports, runs in ONNX Runtime and in Adjoint, for the example's size and for another, and compares values and gradients.</summary>
    /// <param name="operators">The operators that the function is made of.</param>
    public OnnxModel Check(out IReadOnlySet<string> operators)
    {
        var model = OnnxModel.Parse(OnnxModel.Write(
            Function, Inputs, [], [], new OnnxOptions { DynamicDim = Dynamic }, out operators).ToBytes());
        Compare(model, Inputs);
        if (Dynamic is { } dim && Inputs[0].Rank > dim)
        {
            var size = Inputs[0].Shape[dim];
            Compare(model, [.. Inputs.Select(input => input.Rank > dim && input.Shape[dim] == size
                ? input.IndexSelect(dim, Tensor.Arange(size + 2).Remainder(size))
                : input)]);
        }

        return model;
    }

    private void Compare(OnnxModel model, Tensor[] inputs)
    {
        var expected = Function(inputs);
        var elsewhere = Runtime.Run(model, inputs);
        var (own, ownGradients) = WithGradients(Function, inputs);
        var (read, readGradients) = WithGradients(all => model.Run(all), inputs);
        for (var i = 0; i < expected.Count; i++)
        {
            Runtime.Agree(expected[i], elsewhere[i], $"{Name} in ONNX Runtime");
            Runtime.Agree(own[i], read[i], $"{Name} read back");
        }

        for (var i = 0; i < inputs.Length; i++)
        {
            // No gradient is a gradient of zero.
            if ((ownGradients[i] ?? readGradients[i]) is { } any)
            {
                var none = Tensor.ZerosLike(any);
                Runtime.Agree(ownGradients[i] ?? none, readGradients[i] ?? none, $"gradient {i} of {Name} read back", 1e-4);
            }
        }
    }

    /// <summary>Results, and the gradients of a sum of all of them whose weights differ.</summary>
    private static (Tensor[] Results, Tensor?[] Gradients) WithGradients(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function, Tensor[] inputs)
    {
        Tensor[] leaves = [.. inputs.Select(input => input.Detach().Clone())];
        foreach (var leaf in leaves)
        {
            leaf.RequiresGrad = leaf.DType.IsFloatingPoint;
        }

        Tensor[] results = [.. function(leaves)];
        var real = results.Where(result => result.DType.IsFloatingPoint && result.RequiresGrad).ToList();
        if (real.Count > 0)
        {
            real.Select(result => (result * (Tensor.Arange(result.Shape.Count).To(result.DType).Reshape([.. result.Shape]).Sin() + 1.5)).Sum())
                .Aggregate((a, b) => a + b)
                .Backward();
        }

        return (results, [.. leaves.Select(leaf => leaf.Grad)]);
    }
}
