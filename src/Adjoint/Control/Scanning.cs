using Adjoint.Transforms;

namespace Adjoint.Control;

/// <summary>
/// One run of a scan. With checkpoints its steps form segments: a segment's inputs are its state and its elements, so that nothing else of it is kept
/// until the backward pass, which runs the segment again.
/// </summary>
internal sealed class Scanning<C, X, Y>
{
    private readonly Func<C, X, (C Carry, Y Output)> _function;
    private readonly C _init;
    private readonly X _xs;
    private readonly ScanOptions _options;
    private readonly Tensor[] _elements;
    private readonly int _length;

    /// <summary>The structures of states and outputs: those of the last step that ran.</summary>
    private C _carry;
    private Y? _output;

    public Scanning(Func<C, X, (C Carry, Y Output)> function, C init, X xs, ScanOptions options)
    {
        (_function, _init, _xs, _options, _carry) = (function, init, xs, options, init);
        _elements = Tree.Leaves(xs);
        if (_elements.Length == 0 || Array.Exists(_elements, leaf => leaf.Rank == 0))
        {
            throw new TensorException(
                "scan got no values to scan over: each tensor of xs has its elements along a first dimension, and there is at least one tensor. " +
                "Give Tensor.Arange(n) if the steps need no elements.");
        }

        _length = _elements[0].Shape[0];
        if (Array.Find(_elements, leaf => leaf.Shape[0] != _length) is { } other)
        {
            throw new ShapeException(
                $"scan got values with different leading axis sizes: {_length}, {other.Shape[0]}. All tensors of xs have as many elements along " +
                "their first dimension.");
        }
    }

    public (C Carry, Y Outputs) Run()
    {
        if (_length == 0)
        {
            return (_init, Nothing());
        }

        var segment = _options.Checkpoint.Segment(_length);
        var carry = Tree.Leaves(_init);
        if (segment == 0 || segment >= _length)
        {
            var (last, outputs) = Steps(carry, _elements);
            return (Tree.Rebuild(_carry, last), Tree.Rebuild(_output!, outputs));
        }

        var parts = new List<Tensor[]>();
        for (var start = 0; start < _length; start += segment)
        {
            var count = Math.Min(segment, _length - start);
            var first = _options.Reverse ? _length - start - count : start;
            Tensor[] inputs = [.. carry, .. _elements.Select(leaf => leaf.Narrow(0, first, count))];
            var states = carry.Length;
            var results = Checkpoint.Run(
                given =>
                {
                    var (last, outputs) = Steps(given[..states], given[states..]);
                    return (Tensor[])[.. last, .. outputs];
                },
                inputs);
            carry = results[..states];
            parts.Add(results[states..]);
        }

        if (_options.Reverse)
        {
            parts.Reverse();
        }

        var joined = parts[0].Select((_, i) => Tensor.Cat([.. parts.Select(part => part[i])])).ToArray();
        return (Tree.Rebuild(_carry, carry), Tree.Rebuild(_output!, joined));
    }

    /// <summary>Some steps: the leaves of the last state, and those of the outputs, stacked.</summary>
    private (Tensor[] Carry, Tensor[] Outputs) Steps(Tensor[] carry, Tensor[] elements)
    {
        var each = Array.ConvertAll(elements, leaf => leaf.Unbind());
        var count = each[0].Length;
        var outputs = new Tensor[count][];
        for (var step = 0; step < count; step++)
        {
            var i = _options.Reverse ? count - 1 - step : step;
            var (next, output) = _function(Tree.Rebuild(_carry, carry), Tree.Rebuild(_xs, Array.ConvertAll(each, leaf => leaf[i])));
            var leaves = Tree.Leaves(next);
            Fits(carry, leaves);
            (_carry, _output, carry, outputs[i]) = (next, output, leaves, Tree.Leaves(output));
            if (outputs[i].Length != outputs[_options.Reverse ? count - 1 : 0].Length)
            {
                throw new TensorException("scan: the outputs of all steps must have the same structure, but their numbers of tensors differ.");
            }
        }

        return (carry, [.. outputs[0].Select((_, leaf) => Tensor.Stack([.. outputs.Select(output => output[leaf])]))]);
    }

    /// <summary>Outputs of no steps, whose shapes the function tells without running.</summary>
    private Y Nothing()
    {
        var element = Tree.Rebuild(_xs, Array.ConvertAll(_elements, leaf => Tensor.Zeros([.. leaf.Layout.Sizes[1..]], leaf.DType)));
        var output = Transform.EvalShape((object[] given) => _function((C)given[0], (X)given[1]).Output, [_init!, element!]);
        return Tree.Rebuild(output, Array.ConvertAll(Tree.Leaves(output), leaf => Tensor.Zeros([0, .. leaf.Layout.Sizes], leaf.DType)));
    }

    /// <summary>A state keeps its form: what comes after the loop, and checkpoints, count on it.</summary>
    private static void Fits(Tensor[] before, Tensor[] after)
    {
        const string words = "scan body function carry input and carry output must have equal types";
        if (before.Length != after.Length)
        {
            throw new TensorException($"{words}, but the state has {before.Length} tensors before a step and {after.Length} after it.");
        }

        for (var i = 0; i < before.Length; i++)
        {
            if (before[i].DType != after[i].DType)
            {
                throw new DTypeException(
                    $"{words}, but tensor {i} of the state is {before[i].DType} before a step and {after[i].DType} after it. Give init the " +
                    "dtype of the states, or cast inside of the step.");
            }

            if (before[i].Shape != after[i].Shape)
            {
                throw new ShapeException(
                    $"{words}, but tensor {i} of the state has shape {before[i].Shape} before a step and {after[i].Shape} after it. Give init " +
                    "the shape of the states.");
            }
        }
    }
}
