using Adjoint.Families;

using Adjoint.Transforms;

namespace Adjoint.Control;

/// <summary>What C# code decides by a tensor, where the tensor may stand for a batch.</summary>
internal static class Decisions
{
    /// <summary>Whether a batch around has a truth value for each sample.</summary>
    public static bool DifferInBatch(Tensor predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return predicate.Tracer is { Owner: Batch };
    }

    /// <summary>Whether no sample goes on.</summary>
    public static bool IsDone(Tensor goesOn)
    {
        if (!DifferInBatch(goesOn))
        {
            return !goesOn.IsTrue();
        }

        OneElement(goesOn);
        while (goesOn.Tracer is { Owner: Batch } tracer)
        {
            goesOn = tracer.Value;
        }

        return !goesOn.Any().IsTrue();
    }

    /// <summary>For each sample one of two results.</summary>
    /// <exception cref="TensorException">They differ in form, or a sample has more than one truth value.</exception>
    public static Tensor[] Select(Tensor predicate, Tensor[] chosen, Tensor[] other, string name)
    {
        OneElement(predicate);
        if (chosen.Length != other.Length)
        {
            throw new TensorException(
                $"{name}: both results must have the same structure, but one has {chosen.Length} tensors and the other {other.Length}.");
        }

        var mask = (predicate.DType == DType.Bool ? predicate : predicate.Ne(0)).Reshape([]);
        var results = new Tensor[chosen.Length];
        for (var i = 0; i < results.Length; i++)
        {
            if (chosen[i].DType != other[i].DType || chosen[i].Shape != other[i].Shape)
            {
                throw new TensorException(
                    $"{name}: in a batch both results must have equal shapes and dtypes, but tensor {i} is {chosen[i].DType} of shape " +
                    $"{chosen[i].Shape} in one and {other[i].DType} of shape {other[i].Shape} in the other.");
            }

            results[i] = Tensor.Where(mask, chosen[i], other[i]);
        }

        return results;
    }

    private static void OneElement(Tensor predicate)
    {
        if (predicate.Layout.Count != 1)
        {
            throw new TensorException(
                "Boolean value of Tensor with more than one value is ambiguous. A condition is one truth value; reduce it with Any() or All().");
        }
    }
}
