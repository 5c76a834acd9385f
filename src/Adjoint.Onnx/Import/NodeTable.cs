namespace Adjoint.Onnx.Import;

/// <summary>The operators of ONNX that are read, by name, one file for each family.</summary>
internal sealed class NodeTable
{
    private static readonly NodeTable All = Make();

    private readonly Dictionary<string, Func<NodeCall, Tensor[]>> _nodes = new(StringComparer.Ordinal);

    /// <summary>The names of all.</summary>
    public static IEnumerable<string> Names => All._nodes.Keys;

    /// <summary>What runs an operator; null if it is not read.</summary>
    public static Func<NodeCall, Tensor[]>? Find(string type) => All._nodes.GetValueOrDefault(type);

    /// <summary>Adds an operator of one result.</summary>
    public void Add(string type, Func<NodeCall, Tensor> run) => _nodes.Add(type, call => [run(call)]);

    /// <summary>Adds an operator of several results.</summary>
    public void AddMany(string type, Func<NodeCall, Tensor[]> run) => _nodes.Add(type, run);

    private static NodeTable Make()
    {
        var table = new NodeTable();
        PointwiseNodes.Add(table);
        ReductionNodes.Add(table);
        MovementNodes.Add(table);
        IndexingNodes.Add(table);
        ImageNodes.Add(table);
        return table;
    }
}
