using Adjoint.Memory;
using Adjoint.Watching;

namespace Adjoint.Tape;

/// <summary>
/// A tensor kept for the backward pass, with the version its memory had. If that version still holds when it is read, no in-place operator has
/// touched the values or the history.
/// </summary>
internal struct Saved
{
    // The tensor itself, or what hooks made of it.
    private object? _value;
    private int _version;
    private readonly bool _hasHistory;

    public Saved(Tensor tensor)
    {
        // Inside of the mode only transforms record, and what they record does not outlive them.
        _version = !tensor.IsInference || Inference.IsOn ? tensor.Changes : throw NoSaving();
        if (SavedHooks.Scopes != 0 && SavedHooks.Save(tensor) is { } packed)
        {
            _value = packed;
            return;
        }

        _value = tensor;
        _hasHistory = tensor.OwnGradFn is not null;
    }

    /// <summary>Whether anything is kept.</summary>
    public readonly bool IsEmpty => _value is null;

    /// <summary>What hooks made of the tensor; null if it is kept as it is.</summary>
    public readonly Packed? Packed => _value as Packed;

    /// <summary>The tensor, neither checked nor unpacked; null if hooks made something else of it.</summary>
    public readonly Tensor? Kept => _value as Tensor;

    /// <summary>The tensor, checked; null if none was saved. Hooks unpack it at every reading, so a node reads once in a pass.</summary>
    /// <param name="node">The node that saved it.</param>
    /// <param name="isOutput">It is the node's own output, whose history an in-place operator may have replaced since.</param>
    /// <exception cref="AutogradException">It was freed, or changed in place since.</exception>
    public readonly Tensor? Read(Node node, bool isOutput = false)
    {
        if (_value is not Tensor tensor)
        {
            return _value is Packed packed ? packed.Read(node.Name) : node.IsFreed ? throw Freed() : null;
        }

        if (tensor.Changes != _version && !IsSettled(tensor))
        {
            throw Changed(node.Name, tensor, _version, isOutput ? node : tensor.GradFn, node);
        }

        return !_hasHistory || tensor.OwnGradFn is not null ? tensor : Restored(tensor, isOutput ? node : null);
    }

    /// <summary>The tensor, for something that is no node.</summary>
    /// <param name="name">Who saved it.</param>
    public readonly Tensor Read(string name) => _value switch
    {
        Tensor tensor when tensor.Changes != _version && !IsSettled(tensor) => throw Changed(name, tensor, _version, tensor.GradFn),
        Tensor tensor => !_hasHistory || tensor.OwnGradFn is not null ? tensor : Restored(tensor, null),
        Packed packed => packed.Read(name),
        _ => throw Freed(),
    };

    public void Release()
    {
        // The test of a sealed class is the quick one.
        if (_value is not Tensor)
        {
            (_value as Packed)?.Release();
        }

        _value = null;
    }

    public static AutogradException Freed() => new(
        "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). " +
        "Saved intermediate values of the graph are freed when you call .Backward() or Autograd.Grad(). Specify retainGraph: true if " +
        "you need to backward through the graph a second time or if you need to access saved tensors after calling Backward.");

    /// <summary>The error that a saved tensor has another version now.</summary>
    /// <param name="name">Who saved it.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="version">The version it had.</param>
    /// <param name="made">The node that made it.</param>
    /// <param name="saver">The node that saved it, where there is one.</param>
    public static AutogradException Changed(string name, Tensor tensor, int version, Node? made, Node? saver = null)
    {
        var origin = made is not null ? $", which is output {tensor.OutputIndex} of {made.Name}," : string.Empty;
        var storage = tensor.IsStandIn ? null : tensor.Storage;
        return new AutogradException(
            "one of the variables needed for gradient computation has been modified by an inplace operation: " +
            $"[torch.{tensor.DType.ScalarName}Tensor {Shape.Text(tensor.Layout.Sizes)}]{origin} is at version " +
            $"{tensor.Changes}; expected version {version} instead. {Origins.Blame(name, saver, storage, version)} Use an out-of-place " +
            "operator (x = x + y instead of x += y or x.Add_(y)), or change a Clone().");
    }

    /// <summary>Whether this is a stand-in that has become a plain tensor since, and was not changed in place since then.</summary>
    private readonly bool IsSettled(Tensor tensor) =>
        tensor.State is { Life: { IsSettled: true } life } && _version == life.Writes && tensor.Changes == life.SettledVersion;

    private static AutogradException NoSaving() => new(
        "Inference tensors cannot be saved for backward. To work around you can make a clone to get a normal tensor and use it in autograd. " +
        "In C#: x.Clone(), outside of Autograd.InferenceMode().");

    /// <summary>A value with the history that <c>Detach_</c> has cut off since: a node knows that of its own output only, as in PyTorch.</summary>
    private static Tensor Restored(Tensor tensor, Node? made) => made is not null
        ? new Tensor(tensor.Storage, tensor.Layout, tensor.DType) { GradFn = made, OutputIndex = tensor.OutputIndex }
        : throw new AutogradException(
            "Trying to use a saved tensor that has been detached in-place, i.e. with .detach_().This is not supported, please use out-of-place " +
            "`.detach()` instead. In C#: x = x.Detach() where it says x.Detach_().");
}
