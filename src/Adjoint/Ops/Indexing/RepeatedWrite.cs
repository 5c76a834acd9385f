using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>
/// A tensor after some of its elements were overwritten through a layout in which several places share an element, as in an expanded view: what a
/// place holds then depends on what was written last. The tensor is that of the layout, or the base that it is a view of.
/// </summary>
/// <param name="places">The places that hold something new, counted in row-major order: dense int64.</param>
/// <param name="origins">Which element of the value each of them holds.</param>
/// <param name="isBase">It is the base of the view that was written through; PyTorch refuses to go back to it.</param>
/// <param name="gradName">PyTorch's name for the derivative.</param>
internal readonly struct RepeatedWrite(Tensor places, Tensor origins, bool isBase, string gradName) : IJoin
{
    public string GradName => gradName;

    private IndexPlan Places => Along(places);

    private IndexPlan Origins => Along(origins);

    /// <summary>Sets all elements to a value, or each to its own, recorded.</summary>
    public static void Fill(Tensor x, Tensor value, string gradName) => Run(x, value, gradName, gradName, (target, values) =>
    {
        var once = target.Layout.Once();
        Op.CopyInto(values.View(values.Rank == 0 ? values.Layout : values.Layout.With(once.Sizes, values.Layout.Strides)), target.View(once));
    });

    /// <summary>Overwrites what an index picks, recorded.</summary>
    public static void Put(Tensor x, IndexPlan plan, Tensor value) =>
        Run(x, value, "IndexPutBackward0", nameof(IndexPut), (target, values) => IndexPut.Write(target, plan, values));

    public TensorType Infer(TensorType[] inputs) => inputs[0];

    public Tensor Apply(Tensor[] inputs)
    {
        var result = Op.Copy(inputs[0]);
        var values = Op.Copy(inputs[1]);
        var flat = Layout.Dense([checked((int)values.Count)]);
        var written = new IndexRows(Origins).Apply(new Tensor(values.Storage, flat, values.DType));
        Rows.Put(result.View(Layout.Dense([checked((int)result.Count)])), places, written, 1);
        return result;
    }

    public Tensor Transpose(Tensor g, Layout[] inputs, int index)
    {
        if (index == 1)
        {
            var written = Op.Linear(new IndexRows(Places), g.Reshape(-1));
            return Op.Linear(new AddRows(Origins, [checked((int)inputs[1].Count)]), written).Reshape(inputs[1].Sizes);
        }

        return isBase ? throw InPlace.Repeated() : Op.Linear(new EraseRows(Places), g.Reshape(-1)).Reshape(inputs[0].Sizes);
    }

    private static void Run(Tensor x, Tensor value, string gradName, string by, Action<Tensor, Tensor> write)
    {
        var source = x.Base ?? x;
        Edge[] edges = [Edge.To(source), Edge.To(value)];
        var (places, origins) = Trace(x, source.Layout, value, write);
        write(x, ReferenceEquals(value.Storage, x.Storage) ? Op.Copy(Op.Convert(value, x.DType)) : Op.Convert(value, x.DType));
        _ = InPlace.Result(x, by);
        var op = new RepeatedWrite(places, origins, x.Base is not null, x.Base is null ? gradName : "CopySlices");
        _ = new JoinNode<RepeatedWrite>(op, edges, [source.Layout, value.Layout], source);
    }

    /// <summary>Runs the write on memory of whole numbers that name the elements of the value, and looks where they arrive.</summary>
    private static (Tensor Places, Tensor Origins) Trace(Tensor x, Layout source, Tensor value, Action<Tensor, Tensor> write)
    {
        var memory = Op.Fresh(ViewMemory.Both(source, x.Layout), DType.Int64);
        Numbers.Fill(memory, -1);
        var names = Tensor.Arange(value.Count);
        write(memory.View(x.Layout), names.View(Layout.Dense(value.Layout.Sizes)));
        var arrived = Op.Copy(memory.View(source)).ToArray<long>();
        List<long> places = [];
        List<long> origins = [];
        for (var i = 0; i < arrived.Length; i++)
        {
            if (arrived[i] >= 0)
            {
                places.Add(i);
                origins.Add(arrived[i]);
            }
        }

        return (Tensor.FromArray(places.ToArray()), Tensor.FromArray(origins.ToArray()));
    }

    private static IndexPlan Along(Tensor rows) => new([0], 1, rows, [checked((int)rows.Count)], 0);
}
