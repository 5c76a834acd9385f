using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// A structure of tensors that transforms take as an argument or give as a result: a record of parameters, say (JAX's pytrees). These are such
/// structures by themselves: a tensor; an array, a list or a dictionary by name of tensors; an array of structures; a tuple of up to seven tensors;
/// and a pair of which each side is a tensor, an array, a dictionary or a pair of tensors. A record implements this interface, in two lines and
/// without reflection; what its parts are may nest. For two or three separate arguments there are forms of the transforms that take as many.
/// </summary>
/// <example>
/// <code>
/// record Line(Tensor Slope, Tensor Offset) : ITree
/// {
///     IReadOnlyList&lt;object&gt; ITree.Children => [Slope, Offset];
///     ITree ITree.WithChildren(IReadOnlyList&lt;object&gt; children) => new Line((Tensor)children[0], (Tensor)children[1]);
/// }
/// </code>
/// </example>
[SuppressMessage("Naming", "CA1711", Justification = "It is a tree.")]
public interface ITree
{
    /// <summary>The parts: tensors, or structures of tensors; anything else is a constant.</summary>
    IReadOnlyList<object> Children { get; }

    /// <summary>The same structure with other parts, of the same types and in the same order.</summary>
    ITree WithChildren(IReadOnlyList<object> children);
}

/// <summary>The tensors in a structure, and structures from tensors, without reflection.</summary>
internal static class Tree
{
    /// <summary>All tensors, in a fixed order.</summary>
    public static Tensor[] Leaves<A>(A tree)
    {
        if (tree is Tensor single)
        {
            return [single];
        }

        var leaves = new List<Tensor>();
        Collect(tree, leaves);
        return [.. leaves];
    }

    /// <summary>A structure like another, with other tensors.</summary>
    public static A Rebuild<A>(A like, ReadOnlySpan<Tensor> leaves)
    {
        var rest = leaves;
        return Build(like!, ref rest) is A built ? built : throw Unknown(like!);
    }

    private static void Collect(object? tree, List<Tensor> leaves)
    {
        switch (tree)
        {
            case Tensor leaf:
                leaves.Add(leaf);
                break;
            case IReadOnlyDictionary<string, Tensor> named:
                foreach (var (_, value) in named.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    leaves.Add(value ?? throw IsNull());
                }

                break;
            case IReadOnlyList<Tensor> list:
                for (var i = 0; i < list.Count; i++)
                {
                    leaves.Add(list[i] ?? throw IsNull());
                }

                break;
            case object[] array:
                foreach (var element in array)
                {
                    Collect(element, leaves);
                }

                break;
            case ITree node:
                foreach (var child in node.Children)
                {
                    Collect(child, leaves);
                }

                break;
            case ITuple tuple:
                for (var i = 0; i < tuple.Length; i++)
                {
                    Collect(tuple[i], leaves);
                }

                break;
            case Task:
                throw new AutogradException(
                    "a function that is transformed cannot be asynchronous: with await it goes on after the transform has ended. Await its inputs " +
                    "before, or use the result of a task that does not see tensors of the transform.");
            case null:
                throw IsNull();
        }
    }

    private static object Build(object like, ref ReadOnlySpan<Tensor> leaves)
    {
        switch (like)
        {
            case Tensor:
                return Next(ref leaves);
            case Tensor[] array:
                return Take(array.Length, ref leaves);
            case object[] array:
                var elements = (object[])array.Clone();
                for (var i = 0; i < elements.Length; i++)
                {
                    elements[i] = Build(elements[i], ref leaves);
                }

                return elements;
            case List<Tensor> list:
                return new List<Tensor>(Take(list.Count, ref leaves));
            case IReadOnlyDictionary<string, Tensor> named:
                // Leaves come in the order of names, so that two dictionaries that are equal fit; the result keeps its own order.
                var copy = new Dictionary<string, Tensor>(named);
                foreach (var name in named.Keys.Order(StringComparer.Ordinal))
                {
                    copy[name] = Next(ref leaves);
                }

                return copy;
            case ITree node:
                var children = node.Children.ToArray();
                for (var i = 0; i < children.Length; i++)
                {
                    children[i] = Build(children[i], ref leaves);
                }

                return node.WithChildren(children);
            case ValueTuple<Tensor, Tensor>:
                return (Next(ref leaves), Next(ref leaves));
            case ValueTuple<Tensor, Tensor, Tensor>:
                return (Next(ref leaves), Next(ref leaves), Next(ref leaves));
            case ValueTuple<Tensor, Tensor, Tensor, Tensor>:
                return (Next(ref leaves), Next(ref leaves), Next(ref leaves), Next(ref leaves));
            case ValueTuple<Tensor, Tensor, Tensor, Tensor, Tensor>:
                return (Next(ref leaves), Next(ref leaves), Next(ref leaves), Next(ref leaves), Next(ref leaves));
            case ValueTuple<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>:
                return (Next(ref leaves), Next(ref leaves), Next(ref leaves), Next(ref leaves), Next(ref leaves), Next(ref leaves));
            case ValueTuple<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>:
                return (Next(ref leaves), Next(ref leaves), Next(ref leaves), Next(ref leaves), Next(ref leaves), Next(ref leaves), Next(ref leaves));

            // F# and older code have tuples that are objects.
            case Tuple<Tensor, Tensor>:
                return Tuple.Create(Next(ref leaves), Next(ref leaves));
            case Tuple<Tensor, Tensor, Tensor>:
                return Tuple.Create(Next(ref leaves), Next(ref leaves), Next(ref leaves));
            case ITuple { Length: 2 }:
                return PairWith<Tensor>(like, ref leaves) ?? PairWith<Tensor[]>(like, ref leaves)
                    ?? PairWith<IReadOnlyDictionary<string, Tensor>>(like, ref leaves) ?? PairWith<(Tensor, Tensor)>(like, ref leaves)
                    ?? throw Unknown(like);
            case ITuple or IReadOnlyList<Tensor>:
                throw Unknown(like);
            default:
                return like;
        }
    }

    /// <summary>A pair that begins with this; null if it is none. Each form is written out,
    /// because generic code made at run time needs a JIT.</summary>
    private static object? PairWith<P>(object like, ref ReadOnlySpan<Tensor> leaves) => like switch
    {
        ValueTuple<P, Tensor> pair => Pair(pair, ref leaves),
        ValueTuple<P, Tensor[]> pair => Pair(pair, ref leaves),
        ValueTuple<P, IReadOnlyDictionary<string, Tensor>> pair => Pair(pair, ref leaves),
        ValueTuple<P, (Tensor, Tensor)> pair => Pair(pair, ref leaves),
        _ => null,
    };

    private static object Pair<P, Q>((P First, Q Second) pair, ref ReadOnlySpan<Tensor> leaves)
    {
        var first = (P)Build(pair.First!, ref leaves);
        return (first, (Q)Build(pair.Second!, ref leaves));
    }

    private static ArgumentNullException IsNull() => new(
        "tree",
        "Transforms follow tensors, but an argument, what the function returned, or a part of one of them is null. Give a tensor in its place, " +
        "such as Tensor.Zeros(0), or leave the part out.");

    private static TensorException Unknown(object like) => new(
        $"Transforms cannot rebuild a {like.GetType().Name} of this form. Use a tuple of up to seven tensors, an array, a list or a dictionary of " +
        "tensors, or a record that implements ITree.");

    private static Tensor Next(ref ReadOnlySpan<Tensor> leaves)
    {
        var next = leaves[0];
        leaves = leaves[1..];
        return next;
    }

    private static Tensor[] Take(int count, ref ReadOnlySpan<Tensor> leaves)
    {
        var taken = leaves[..count].ToArray();
        leaves = leaves[count..];
        return taken;
    }
}
