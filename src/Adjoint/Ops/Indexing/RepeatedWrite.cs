using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint;

/// <summary>
/// A tensor after some of its elements were overwritten through a layout in which several places share an element, as in an expanded view: what a
/// place holds then depends on what was written last. The tensor is that of the layout, or the base that it is a view of. Its inputs are
/// the tensor, the value, the places that hold something new, counted in row-major order, and which element of the value each of them holds: dense
/// int64.
/// </summary>
/// <param name="IsBase">It is the base of the view that was written through; PyTorch refuses to go back to it.</param>
/// <param name="Call">What overwrote them.</param>
internal readonly record struct RepeatedWrite(bool IsBase, OverwriteCall Call) : IPulled
{
    public string GradName => IsBase ? "CopySlices" : Replaced.NodeName(Call);

    public string? Called => IsBase ? "CopySlices" : Replaced.Method(Call)[..^1];

    internal OverwriteCall Call { get; init; } = Call;

    public int Differentiable => 2;

    /// <summary>Sets all elements to a value, or each to its own, recorded.</summary>
    public static void Fill(Tensor x, Tensor value, OverwriteCall call) => Run(x, value, call, Replaced.Method(call), (target, values) =>
    {
        var once = target.Layout.Once();
        Op.CopyInto(values.View(values.Rank == 0 ? values.Layout : values.Layout.With(once.Sizes, values.Layout.Strides)), target.View(once));
    });

    /// <summary>Overwrites what an index picks, recorded.</summary>
    public static void Put(Tensor x, IndexPlan plan, Tensor rows, Tensor value) =>
        Run(x, value, OverwriteCall.IndexPut, nameof(IndexPut), (target, values) => IndexPut.Write(target, plan, rows, values));

    public Reads Reads(Places wanted) =>
        (wanted[1] ? new Reads(Places.Of(2, 3)) : default) | (wanted[0] && !IsBase ? new Reads(Places.Of(2)) : default);

    public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value;

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        var result = Op.Copy(inputs[0]!);
        var written = Op.Indexed(new IndexRows(IndexPlan.Elements), inputs[1]!.Detach().Reshape(-1), inputs[3]!);
        var elements = result.View(Layout.Dense([checked((int)result.Count)]));
        IndexPut.Write(elements, IndexPlan.Elements, inputs[2]!, Op.Convert(written, result.DType));
        return result;
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        var (sizes, value, places) = (saved.Layouts[0]!.Sizes, saved.Layouts[1]!, saved.Inputs[2]);
        Tensor? old = null;
        if (saved.Wanted[0])
        {
            old = IsBase ? throw InPlace.Repeated() : Op.Indexed(new EraseRows(IndexPlan.Elements), g.Reshape(-1), places!).Reshape(sizes);
        }

        if (!saved.Wanted[1])
        {
            return [old, null];
        }

        var written = Op.Indexed(new IndexRows(IndexPlan.Elements), g.Reshape(-1), places!);
        var ofValue = Op.Indexed(new AddRows(IndexPlan.Elements, [checked((int)value.Count)]), written, saved.Inputs[3]!);
        return [old, ofValue.Reshape(value.Sizes)];
    }

    private static void Run(Tensor x, Tensor value, OverwriteCall call, string by, Action<Tensor, Tensor> write)
    {
        var source = x.Base ?? x;
        Edge[] edges = [Edge.To(source), Edge.To(value)];
        var (places, origins) = Trace(x, source.Layout, value, write);
        write(x, ReferenceEquals(value.Storage, x.Storage) ? Op.Copy(Op.Convert(value, x.DType)) : Op.Convert(value, x.DType));
        _ = InPlace.Result(x, by);
        var op = new RepeatedWrite(x.Base is not null, call);
        _ = new PulledNode<RepeatedWrite>(op, edges, [source, value, places, origins], source);
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
}
