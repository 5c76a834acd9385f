using Adjoint.Memory;

namespace Adjoint.Ops.Families;

/// <summary>
/// The gates for tensors that a transform follows. The innermost of the transforms that follow an input applies its rule; then, if a reverse transform
/// that runs inside of it wants the derivative, the operation on the stand-ins is recorded like any other.
/// </summary>
internal static class Traced
{
    public static Tensor Map<O>(O op, Tensor x)
        where O : struct, IMap
    {
        var top = Top([x])!;
        var y = top.Map(op, x);
        if (Wants(top, y) && EdgeOf(top, x) is { Node: not null } edge)
        {
            _ = new MapNode<O>(op, edge, x, y);
        }

        return y;
    }

    public static Tensor Map2<O>(O op, Tensor x, Tensor y)
        where O : struct, IMap2
    {
        var top = Top([x, y])!;
        var z = top.Map2(op, x, y);
        if (Wants(top, z))
        {
            var (left, right) = (EdgeOf(top, x), EdgeOf(top, y));
            if ((left.Node ?? right.Node) is not null)
            {
                _ = new Map2Node<O>(op, left, right, x, y, z);
            }
        }

        return z;
    }

    public static Tensor Map3<O>(O op, Tensor x, Tensor y, Tensor z)
        where O : struct, IMap3
    {
        var top = Top([x, y, z])!;
        var result = top.Map3(op, x, y, z);
        if (Wants(top, result))
        {
            var (first, second, third) = (EdgeOf(top, x), EdgeOf(top, y), EdgeOf(top, z));
            if ((first.Node ?? second.Node ?? third.Node) is not null)
            {
                _ = new Map3Node<O>(op, first, second, third, x, y, z, result);
            }
        }

        return result;
    }

    public static Tensor Linear<O>(O op, Tensor x)
        where O : struct, ILinear
    {
        var top = Top([x])!;
        var y = top.Linear(op, x);
        if (Wants(top, y) && EdgeOf(top, x) is { Node: not null } edge)
        {
            _ = new LinearNode<O>(op, edge, x.Layout, y);
        }

        return y;
    }

    public static Tensor Indexed<O>(O op, Tensor x, Tensor positions)
        where O : struct, IIndexed
    {
        var top = Top([x, positions])!;
        var y = top.Indexed(op, x, positions);
        if (Wants(top, y) && EdgeOf(top, x) is { Node: not null } edge)
        {
            _ = new IndexedNode<O>(op, edge, x.Layout, positions, y);
        }

        return y;
    }

    public static Tensor Join<O>(O op, Tensor[] inputs)
        where O : struct, IJoin
    {
        var top = Top(inputs)!;
        var y = top.Join(op, inputs);
        if (Wants(top, y))
        {
            var edges = Array.ConvertAll(inputs, input => EdgeOf(top, input));
            if (Array.Exists(edges, edge => edge.Node is not null))
            {
                _ = new JoinNode<O>(op, edges, Array.ConvertAll(inputs, input => input.Layout), y);
            }
        }

        return y;
    }

    public static Tensor Bilinear<O>(O op, Tensor x, Tensor y, Tensor? addend)
        where O : struct, IBilinear
    {
        var top = Top(addend is null ? [x, y] : [x, y, addend])!;
        var z = top.Bilinear(op, x, y, addend);
        if (Wants(top, z))
        {
            var (left, right) = (EdgeOf(top, x), EdgeOf(top, y));
            Edge? third = addend is null ? null : EdgeOf(top, addend);
            if ((left.Node ?? right.Node ?? third?.Node) is not null)
            {
                _ = new BilinearNode<O>(op, left, right, third, x, y, z);
            }
        }

        return z;
    }

    public static Tensor Reduce<O>(O op, Tensor x, bool[] reduced, bool keepDim)
        where O : struct, IReduce
    {
        var top = Top([x])!;
        var y = top.Reduce(op, x, reduced, keepDim);
        if (Wants(top, y) && EdgeOf(top, x) is { Node: not null } edge)
        {
            _ = new ReduceNode<O>(op, edge, reduced, x, y);
        }

        return y;
    }

    public static Tensor Primitive<O>(O op, Tensor x)
        where O : struct, IPrimitive
    {
        var top = Top([x])!;
        var y = top.Primitive(op, x);
        if (!O.HasNoGradient && Wants(top, y) && EdgeOf(top, x) is { Node: not null } edge)
        {
            _ = new PrimitiveNode<O>(op, edge, x, y);
        }

        return y;
    }

    public static Tensor Compare<O>(O op, Tensor x, Tensor y)
        where O : struct, ICompare => Top([x, y])!.Compare(op, x, y);

    /// <summary>g * D(x, y) in one pass where nothing records and all transforms around have it so; null elsewhere.</summary>
    public static Tensor? PullMap<O>(O op, Tensor g, Tensor? x, Tensor? y)
        where O : struct, IMap => Recording.IsOn
        ? null
        : TopOf(g, x, y, null) is { } top ? top.PullMap(op, g, x, y) : Kept(Op.PullMap(op, g, x, y));

    /// <summary>The same for one input of two.</summary>
    public static Tensor? PullMap2<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z)
        where O : struct, IMap2 => Recording.IsOn
        ? null
        : TopOf(g, x, y, z) is { } top ? top.PullMap2(op, input, g, x, y, z) : Kept(Op.PullMap2(op, input, g, x, y, z));

    /// <summary>The same for one input of three.</summary>
    public static Tensor? PullMap3<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z)
        where O : struct, IMap3 => Recording.IsOn
        ? null
        : TopOf(g, x, y, z) is { } top ? top.PullMap3(op, input, g, x, y, z) : Kept(Op.PullMap3(op, input, g, x, y, z));

    /// <summary>The pull of a reduction in one pass, likewise.</summary>
    public static Tensor? PullReduce<O>(O op, Tensor g, Tensor x, Tensor y, bool[] reduced)
        where O : struct, IReduce => Recording.IsOn
        ? null
        : TopOf(g, x, y, null) is { } top ? top.PullReduce(op, g, x, y, reduced) : Kept(Op.PullReduce(op, g, x, y, reduced));

    public static Tensor Convert(Tensor x, DType dtype) => Top([x])!.Convert(x, dtype);

    public static Tensor Detach(Tensor x) => Top([x])!.Detach(x);

    /// <summary>The values that C# code asks for, free of all transforms.</summary>
    /// <param name="x">A stand-in.</param>
    /// <param name="dtype">What the code gets them as.</param>
    public static Tensor Read(Tensor x, DType dtype)
    {
        while (x.Tracer is not null)
        {
            x = Top([x])!.Read(x, dtype);
        }

        return x;
    }

    /// <summary>Whether a tape wants the gradient of a tensor: one that sees it, or one outside of the transforms that follow it.</summary>
    public static bool RequiresGrad(Tensor x)
    {
        while (!x.RequiresGrad)
        {
            if (x.Tracer is not { } tracer)
            {
                return false;
            }

            x = tracer.Value;
        }

        return true;
    }

    /// <summary>Runs a hook on the gradient of a tensor, on each tape that has one: inside of a transform, or outside of it on what is held.</summary>
    /// <returns>Nothing if no tape wants a gradient.</returns>
    public static List<HookHandle> Hook(Tensor x, Func<Tensor, Tensor?> hook)
    {
        var handles = new List<HookHandle>();
        while (true)
        {
            if (Edge.To(x) is { Node: { } node } edge)
            {
                handles.Add(node.EnsureHooks(edge.Index).AddTensor(hook));
            }

            if (x.Tracer is not { } tracer)
            {
                return handles;
            }

            hook = tracer.Owner.Within(hook);
            x = tracer.Value;
        }
    }

    /// <summary>The memory of a tensor that was a stand-in when it was asked, where an operator without a rule asks for it.</summary>
    public static Storage MemoryOf(Tensor x)
    {
        while (x.Tracer is { Owner: var owner })
        {
            if ((owner.IsAlive ? owner.NoMemory(x) : Escaped(owner)) is { } exception)
            {
                throw exception;
            }
        }

        return x.Memory;
    }

    /// <summary>What a transform around knows of a stand-in, after batches that go on with one sample have made that one's tensor of it.</summary>
    public static Tracer? Settled(Tensor x)
    {
        while (x.State!.Tracer is { Owner.IsSingle: true } tracer)
        {
            lock (tracer)
            {
                if (ReferenceEquals(x.State.Tracer, tracer))
                {
                    x.Settle(tracer.Owner.SampleOf(x, tracer));
                }
            }
        }

        return x.State.Tracer;
    }

    /// <summary>The innermost transform that follows one of the tensors; null if there is none.</summary>
    /// <exception cref="AutogradException">It has ended: the tensor escaped from it.</exception>
    public static Interpreter? Top(ReadOnlySpan<Tensor> tensors)
    {
        Interpreter? top = null;
        foreach (var tensor in tensors)
        {
            if (tensor.Tracer is { Owner: var owner })
            {
                if (!owner.IsAlive)
                {
                    throw Escaped(owner);
                }

                top = top is null || owner.Depth > top.Depth ? owner : top;
            }
        }

        return top;
    }

    private static Interpreter? TopOf(Tensor g, Tensor? x, Tensor? y, Tensor? z) => Top([g, x ?? g, y ?? g, z ?? g]);

    /// <summary>A result that others will name too.</summary>
    private static Tensor Kept(Tensor made)
    {
        made.IsTemporary = false;
        return made;
    }

    private static bool Wants(Interpreter top, Tensor result) => Recording.IsOn && ReferenceEquals(result.Tracer?.Owner, top);

    /// <summary>
    /// Where a gradient goes, for the tape of the stand-ins. What was recorded outside of this transform is recorded again on what the stand-ins hold.
    /// </summary>
    public static Edge EdgeOf(Interpreter top, Tensor x)
    {
        var edge = Edge.To(x);
        return ReferenceEquals(x.Tracer?.Owner, top) || edge.Node is { } node && node.Level > 2 * top.Depth ? edge : default;
    }

    private static AutogradException Escaped(Interpreter owner) => new(
        $"A tensor that was made inside of Transform.{owner.Name} is used after the function has returned. A side effect let it escape: return it " +
        "from the function instead, or store x.Detach() of a result.");
}
