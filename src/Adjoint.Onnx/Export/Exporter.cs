using Adjoint.Onnx.Forms;

namespace Adjoint.Onnx.Export;

/// <summary>
/// Writes a function down as a model. The function is traced for the example's size and, where a dimension may have another size in each run, for two
/// more: a number that differs between these graphs has to grow evenly with the size, and becomes a computation on it. An operator without a form of
/// its own is replaced by what it is made of (<see cref="Operation.Decompose"/>), until all have one.
/// </summary>
internal sealed class Exporter(ModelBuilder builder, int[] sizes)
{
    private const int MostNested = 32;

    /// <summary>The operators that have been written down, by name: those with a form, and those that were replaced.</summary>
    public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>Writes down the graphs of a function, one for each size.</summary>
    /// <param name="graphs">The graphs.</param>
    /// <param name="inputs">The values of their inputs.</param>
    /// <param name="depth">How many operators have been replaced around it.</param>
    /// <returns>The values of their results.</returns>
    public Value[] Write(Graph[] graphs, Value[] inputs, int depth = 0)
    {
        var first = graphs[0];
        if (!Array.TrueForAll(graphs, graph => graph.Instructions.Count == first.Instructions.Count
            && graph.Constants.Count == first.Constants.Count && graph.Outputs.Count == first.Outputs.Count))
        {
            throw Differ("other operators run");
        }

        // Graphs of one function number their values alike.
        var values = new Dictionary<int, Value>();
        for (var i = 0; i < inputs.Length; i++)
        {
            values[first.Inputs[i].Id] = inputs[i];
        }

        for (var i = 0; i < first.Constants.Count; i++)
        {
            values[first.Constants[i].Id] = Constant(Array.ConvertAll(graphs, graph => graph.ConstantOf(graph.Constants[i])));
        }

        for (var i = 0; i < first.Instructions.Count; i++)
        {
            var instructions = Array.ConvertAll(graphs, graph => graph.Instructions[i]);
            var instruction = instructions[0];
            if (!Array.TrueForAll(instructions, other => other.Name == instruction.Name && other.Inputs.SequenceEqual(instruction.Inputs)
                && other.Outputs.Count == instruction.Outputs.Count))
            {
                throw Differ($"{instructions[^1]} runs instead of {instruction}");
            }

            if (instruction.Outputs.Count == 0)
            {
                throw new OnnxException(
                    $"The function reads values while it runs, and what it does may depend on them: {instruction}. A model has no branches. Choose " +
                    "with Tensor.Where instead of if, and keep numbers in tensors.");
            }

            Value[] read = [.. instruction.Inputs.Select(id => values[id])];
            var given = new Value[instruction.Outputs.Count];
            for (var j = 0; j < given.Length; j++)
            {
                given[j] = Typed(null, Array.ConvertAll(instructions, each => each.Outputs[j].Type));
            }

            var names = Write(Array.ConvertAll(instructions, each => each.Operation), graphs, instructions, read, given, depth);
            for (var j = 0; j < given.Length; j++)
            {
                values[instruction.Outputs[j].Id] = names[j];
            }
        }

        return [.. first.Outputs.Select(id => values[id])];
    }

    /// <summary>The value of types, one for each size.</summary>
    public Value Typed(string? name, TensorType[] types)
    {
        if (!Array.TrueForAll(types, type => type.Shape.Rank == types[0].Shape.Rank && type.DType == types[0].DType))
        {
            throw Differ($"a value is {types[^1]} instead of {types[0]}");
        }

        var extents = new Extent[types[0].Shape.Rank];
        for (var d = 0; d < extents.Length; d++)
        {
            extents[d] = Extent.Of(Array.ConvertAll(types, type => (long)type.Shape[d]), sizes)
                ?? throw Differ($"dimension {d} of a value of shape {types[0].Shape} does not grow evenly with it");
        }

        return new Value(name, types[0].DType, extents);
    }

    private static OnnxException Differ(string how) => new(
        $"The function does not do the same for another size of the dynamic dimension: {how}. Export with OnnxOptions.DynamicDim = null for " +
        "the sizes of the example, or with another dimension.");

    private Value[] Write(
        Operation[] operations, Graph[] graphs, GraphInstruction[] instructions, Value[] inputs, Value[] outputs, int depth)
    {
        var call = new FormCall(builder, operations, sizes, inputs, outputs);
        Seen.Add(call.Name);
        if (FormTable.Find(call.Name) is { } form && form(call) is { } names)
        {
            return [.. outputs.Select((output, i) => output with { Name = names[i] })];
        }

        var parts = new Graph[operations.Length];
        for (var k = 0; k < parts.Length; k++)
        {
            parts[k] = Parts(operations[k], graphs[k], instructions[k])
                ?? throw new OnnxException(
                    $"The operator {operations[k]} has no form in ONNX. Write the function with operators that have one, which docs/onnx.md lists, " +
                    "or export the parts before and behind it as models of their own.");
        }

        if (depth == MostNested)
        {
            throw new OnnxException(
                $"The operator {operations[0]} has no form in ONNX: it is made of itself. docs/onnx.md lists those that have one.");
        }

        // What it is made of reads those inputs that are no constants.
        return Write(parts, [.. inputs.Where((_, i) => !IsConstant(graphs[0], instructions[0].Inputs[i]))], depth + 1);
    }

    /// <summary>What an operator is made of, as a graph; null if it is in no others, or in itself.</summary>
    private static Graph? Parts(Operation operation, Graph graph, GraphInstruction instruction)
    {
        var types = new Dictionary<int, TensorType>();
        foreach (var value in graph.Inputs.Concat(graph.Instructions.TakeWhile(each => each != instruction).SelectMany(each => each.Outputs)))
        {
            types[value.Id] = value.Type;
        }

        var constants = graph.Constants.ToDictionary(constant => constant.Id);
        Tensor[] example = [.. instruction.Inputs.Where(id => !constants.ContainsKey(id))
            .Select(id => Tensor.Meta(types[id].Shape, types[id].DType))];
        var isNone = false;
        var parts = Transform.Trace(
            (Tensor[] given) =>
            {
                var next = 0;
                Tensor[] all = [.. instruction.Inputs.Select(id =>
                    constants.TryGetValue(id, out var constant) ? graph.ConstantOf(constant) : given[next++])];
                var made = operation.Decompose(all);
                isNone = made is null;
                return made ?? given;
            },
            example).Graph;
        return isNone || (parts.Instructions is [var only] && only.Operation.Equals(operation)) ? null : parts;
    }

    private static bool IsConstant(Graph graph, int id) => graph.Constants.Any(constant => constant.Id == id);

    /// <summary>A constant that is one tensor for all sizes, or one that has one element for all of its sizes.</summary>
    private Value Constant(Tensor[] tensors)
    {
        var first = tensors[0];
        if (Array.TrueForAll(tensors, other => ReferenceEquals(other, first) || IsSame(first, other)))
        {
            return new Value(null, first.DType, Fixed(first.Shape), first);
        }

        var value = Typed(null, Array.ConvertAll(tensors, TensorType.Of));
        var flat = Array.ConvertAll(tensors, tensor => tensor.Detach().Reshape(-1));
        if (Array.TrueForAll(flat, tensor => tensor.Shape[0] > 0 && (tensor.Eq(flat[0][0]) | tensor.Ne(tensor)).All().Item<bool>()))
        {
            return value with { Name = builder.Emit("Expand", [builder.Constant(flat[0][0].Clone()), builder.Sizes(value.Sizes)]) };
        }

        // The numbers of samples.
        if (value.Rank == 1 && value.DType == DType.Int64 && Array.TrueForAll(flat, tensor => IsSame(tensor, Tensor.Arange(tensor.Shape[0]))))
        {
            var end = builder.Emit("Reshape", [builder.Sizes(value.Sizes), builder.Wholes([])]);
            return value with { Name = builder.Emit("Range", [builder.Whole(0), end, builder.Whole(1)]) };
        }

        throw Differ($"a constant of shape {first.Shape} has other elements");
    }

    private static Extent[] Fixed(Shape shape) => [.. shape.Select(size => (Extent)size)];

    private static bool IsSame(Tensor a, Tensor b) => a.DType == b.DType && a.Shape.Equals(b.Shape)
        && Wire.ElementTypes.Bytes(a).AsSpan().SequenceEqual(Wire.ElementTypes.Bytes(b));
}
