using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// An operator linear in each of two tensors (matrix products, convolution): how to apply it, and its transposes by the left and by the right
/// as other operators. The pull of either input needs the other one only. A third tensor may be added to the result in the same pass.
/// </summary>
/// <example>
/// <code>
/// var y = Op.Bilinear(default(Product), x, x);
///
/// readonly record struct Product : IBilinear
/// {
///     public TensorType Infer(TensorType x, TensorType y) => x;
///     public Tensor Apply(Tensor x, Tensor y) => x * y;
///     public Tensor TransposeX(Tensor g, Tensor y, Shape x) => Op.Bilinear(this, g, y);
///     public Tensor TransposeY(Tensor g, Tensor x, Shape y) => Op.Bilinear(this, g, x);
/// }
/// </code>
/// </example>
public interface IBilinear : IOperator
{
    /// <summary>The shape and dtype of the result.</summary>
    TensorType Infer(TensorType x, TensorType y);

    /// <summary>The result, not recorded; both inputs have its dtype.</summary>
    Tensor Apply(Tensor x, Tensor y);

    /// <summary>The same with an addend, which broadcasts to the result; in one pass where the operator has one.</summary>
    internal Tensor Apply(Tensor x, Tensor y, Tensor? addend) =>

        // The node of this operator passes the addend's gradient on: the sum itself is not recorded.
        addend is null ? Apply(x, y) : Apply(x, y) + addend.Detach();

    /// <summary>The gradient of x from that of the result, in recorded tensor operators.</summary>
    Tensor TransposeX(Tensor g, Tensor y, Shape x);

    /// <summary>The gradient of y from that of the result, in recorded tensor operators.</summary>
    Tensor TransposeY(Tensor g, Tensor x, Shape y);

    /// <summary>What <see cref="TransposeX"/> gives, where nothing is recorded: straight from memory, without views on the way.</summary>
    Tensor PullX(Tensor g, Tensor y, Shape x) => TransposeX(g, y, x);

    /// <summary>What <see cref="TransposeY"/> gives, where nothing is recorded.</summary>
    Tensor PullY(Tensor g, Tensor x, Shape y) => TransposeY(g, x, y);

    /// <summary>The addend is a bias with a shape of its own, and not anything that broadcasts to the result.</summary>
    internal static virtual bool TakesBias => false;

    /// <summary>The addend in a form that broadcasts to the result, in recorded tensor operators.</summary>
    internal Tensor SpreadAddend(Tensor addend) => addend;

    /// <summary>The gradient of the addend from that of the result, in recorded tensor operators; the engine sums what broadcasting spread.</summary>
    internal Tensor PullAddend(Tensor g) => g;

    /// <summary>
    /// The operator, without an addend, on each of a batch along a new first dimension, which one input or both have, in recorded tensor
    /// operators; null if it cannot be written so.
    /// </summary>
    Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY) => null;
}

/// <summary>A recorded <see cref="IBilinear"/>.</summary>
internal sealed class BilinearNode<O> : Node
    where O : struct, IBilinear
{
    private readonly O _op;
    private readonly Edge _left;
    private readonly Edge _right;
    private readonly Edge? _addend;
    private readonly Layout _layoutX;
    private readonly Layout _layoutY;
    private Saved _x;
    private Saved _y;

    public BilinearNode(O op, Edge left, Edge right, Edge? addend, Tensor x, Tensor y, Tensor z, Tensor? w = null)
    {
        _op = op;
        _left = left;
        _right = right;
        _addend = addend;
        _layoutX = x.Layout;
        _layoutY = y.Layout;
        Attach(z, x, y, w);
        if (right.Node is not null)
        {
            _x = new Saved(x);
        }

        if (left.Node is not null)
        {
            _y = new Saved(y);
        }
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => _addend is null ? 2 : 3;

    internal override Edge GetEdge(int index) => index switch
    {
        0 => _left,
        1 => _right,
        _ => _addend!.Value,
    };

    internal override void Pull(Puller puller, Tensor gradient)
    {
        if (puller.Wants(_left))
        {
            var y = _y.Read(this)!;
            Give(
                puller,
                _left,
                puller.Records ? _op.TransposeX(gradient, y, _layoutX.Shape) : _op.PullX(gradient, y, _layoutX.Shape),
                _layoutX,
                0,
                gradient);
        }

        if (puller.Wants(_right))
        {
            var x = _x.Read(this)!;
            Give(
                puller,
                _right,
                puller.Records ? _op.TransposeY(gradient, x, _layoutY.Shape) : _op.PullY(gradient, x, _layoutY.Shape),
                _layoutY,
                1,
                gradient);
        }

        // Last, because whoever gets the gradient itself may keep or change it.
        if (_addend is { } addend && puller.Wants(addend))
        {
            if (O.TakesBias)
            {
                puller.GiveMade(addend, _op.PullAddend(gradient), gradient);
                return;
            }

            puller.Give(addend, gradient);
        }
    }

    private static void Give(Puller puller, Edge edge, Tensor made, Layout input, int index, Tensor gradient)
    {
        if (Guest<O>.Is)
        {
            gradient.IsTemporary = false;
            puller.Give(edge, Guest<O>.Gradient(made, input, index));
            return;
        }

        puller.GiveMade(edge, made, gradient);
    }

    internal override void Release()
    {
        _x.Release();
        _y.Release();
    }

    internal override void ListSaved(List<Saved> list) => list.AddRange([_x, _y]);
}

/// <summary>An <see cref="IBilinear"/> as transforms see it; an addend is a third input.</summary>
internal sealed class BilinearOperation<O>(O op) : Operation<O>(op)
    where O : struct, IBilinear
{
    internal override TensorType[] Infer(TensorType[] inputs) => [Operator.Infer(inputs[0], inputs[1])];

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Bilinear(Operator, inputs[0], inputs[1], Addend(inputs))];

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) =>
        _ = new BilinearNode<O>(Operator, edges[0], edges[1], edges.Length < 3 ? null : edges[2], inputs[0], inputs[1], results[0]);

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var (ta, tb, tc) = (tangents[0], tangents[1], Addend(tangents));
        var pushed = ta is null ? null : Op.Bilinear(Operator, ta, inputs[1], tc);
        pushed = tb is null ? pushed
            : pushed is null || !O.TakesBias ? Op.Bilinear(Operator, inputs[0], tb, pushed ?? tc)
            : pushed + Op.Bilinear(Operator, inputs[0], tb);
        return [pushed ?? Formulas.Spread(Operator.SpreadAddend(tc!), results[0])];
    }

    internal override Tensor[]? Batch(Batch batch, Tensor[] inputs)
    {
        var (a, b, addend) = (batch.Of(inputs[0]), batch.Of(inputs[1]), Addend(inputs));
        if (a is null && b is null)
        {
            return [Op.Bilinear(Operator, inputs[0], inputs[1]) + Operator.SpreadAddend(addend!)];
        }

        if (Operator.Batch(a ?? inputs[0], a is not null, b ?? inputs[1], b is not null) is not { } product)
        {
            return null;
        }

        var z = Samples(batch, product, inputs);
        return [addend is null ? z : z + Operator.SpreadAddend(addend)];
    }

    private static Tensor? Addend(Tensor?[] inputs) => inputs.Length < 3 ? null : inputs[2];
}

public static partial class Op
{
    /// <summary>Applies a bilinear operator to tensors of one dtype, recording it if either requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="x">The left input.</param>
    /// <param name="y">The right input.</param>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public static Tensor Bilinear<O>(O op, Tensor x, Tensor y)
        where O : struct, IBilinear => Bilinear(op, x, y, addend: null);

    /// <summary>Applies a bilinear operator to tensors of one dtype, and adds a third, recording it if any requires grad.</summary>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    internal static Tensor Bilinear<O>(O op, Tensor x, Tensor y, Tensor? addend)
        where O : struct, IBilinear
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.DType != y.DType || (addend is not null && addend.DType != x.DType))
        {
            throw new DTypeException(
                $"expected scalar type {x.DType.ScalarName} but found {(x.DType != y.DType ? y : addend!).DType.ScalarName}. Convert one of them " +
                "with To(DType).");
        }

        if (Guest<O>.Is && addend is not null)
        {
            return Bilinear(op, x, y, null) + addend;
        }

        if (x.IsStandIn || y.IsStandIn || addend is { IsStandIn: true })
        {
            return Traced.Apply(new BilinearOperation<O>(op), addend is null ? [x, y] : [x, y, addend]);
        }

        var z = Guest<O>.Is ? GuestBilinear(op, x, y) : op.Apply(x, y, addend);
        if ((x.RequiresGrad || y.RequiresGrad || addend is { RequiresGrad: true }) && Recording.IsOn)
        {
            if (Guest<O>.Is)
            {
                Guest<O>.ThrowUnlessReal(z);
            }

            Edge? third = addend is null ? null : Edge.To(addend);
            _ = new BilinearNode<O>(op, Edge.To(x), Edge.To(y), third, x, y, z, addend);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O), z, x, y, addend);
        }

        return z;
    }

    private static Tensor GuestBilinear<O>(O op, Tensor x, Tensor y)
        where O : struct, IBilinear => Guest<O>.Make(
            () => op.Apply(Guest<O>.Given(x), Guest<O>.Given(y)), op.Infer(TensorType.Of(x), TensorType.Of(y)), x, y);
}
