using Adjoint.Watching;

namespace Adjoint.Tape;

/// <summary>
/// A recorded operation with several results, such as <c>unbind</c> or a custom function. It runs once, with the gradients of all results; those that
/// nothing depends on have none. What ordinary nodes keep once, it keeps for each result.
/// </summary>
internal abstract class MultiNode : Node
{
    private Result[] _results = [];

    private protected MultiNode() => HasManyOutputs = true;

    /// <summary>How many results the operation has.</summary>
    public int OutputCount => _results.Length;

    public Layout LayoutOf(int output) => _results[output].Layout;

    public DType DTypeOf(int output) => _results[output].DType;

    /// <summary>What users hung on one result; null for nearly all.</summary>
    public NodeHooks? HooksOf(int output) => _results[output].Hooks;

    public NodeHooks EnsureHooksOf(int output)
    {
        if (_results[output].Hooks is null)
        {
            Interlocked.CompareExchange(ref _results[output].Hooks, new NodeHooks(), null);
        }

        return _results[output].Hooks!;
    }

    /// <summary>Hands the gradients of the inputs to the puller, given those of the results; null for a result that has none.</summary>
    internal abstract void Pull(Puller puller, Tensor?[] gradients);

    internal sealed override void Pull(Puller puller, Tensor gradient) =>
        throw new NotSupportedException($"{Name} has {OutputCount} results and takes their gradients together.");

    /// <summary>Makes this node the history of results.</summary>
    /// <param name="outputs">The results.</param>
    /// <param name="isFollowed">Which of them have a derivative.</param>
    /// <param name="inputs">The inputs, which only diagnostics ask for.</param>
    private protected void AttachAll(Tensor[] outputs, bool[]? isFollowed = null, Tensor[]? inputs = null)
    {
        _results = Array.ConvertAll(outputs, output => new Result { Layout = output.Layout, DType = output.DType });
        OutputLayout = outputs[0].Layout;
        OutputDType = outputs[0].DType;
        Order(outputs[^1]);

        for (var i = 0; i < outputs.Length; i++)
        {
            if (isFollowed?[i] != false)
            {
                Own(outputs[i], i);
            }
        }

        if (Observation.IsOn)
        {
            Observation.Recorded(this, outputs[0], inputs ?? []);
        }
    }

    private struct Result
    {
        public Layout Layout;
        public DType DType;
        public NodeHooks? Hooks;
    }
}
