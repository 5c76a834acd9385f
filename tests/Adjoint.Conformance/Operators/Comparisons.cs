namespace Adjoint.Conformance.Operators;

/// <summary>Comparisons and logic.</summary>
internal static class Comparisons
{
    public static void Add(OperatorTable table)
    {
        table["eq"] = c => c.X.Eq(c.Tensor(0));
        table["ne"] = c => c.X.Ne(c.Tensor(0));
        table["lt"] = c => c.X.Lt(c.Tensor(0));
        table["le"] = c => c.X.Le(c.Tensor(0));
        table["gt"] = c => c.X.Gt(c.Tensor(0));
        table["ge"] = c => c.X.Ge(c.Tensor(0));
        table["logical_and"] = c => c.X.LogicalAnd(c.Tensor(0));
        table["logical_or"] = c => c.X.LogicalOr(c.Tensor(0));
        table["logical_xor"] = c => c.X.LogicalXor(c.Tensor(0));
        table["logical_not"] = c => c.X.LogicalNot();
        table["bitwise_and"] = c => c.X & c.Tensor(0);
        table["bitwise_or"] = c => c.X | c.Tensor(0);
        table["bitwise_xor"] = c => c.X ^ c.Tensor(0);
        table["bitwise_not"] = c => ~c.X;
        table["__rand__"] = c => c.Tensor(0) & c.X;
        table["__ror__"] = c => c.Tensor(0) | c.X;
        table["__rxor__"] = c => c.Tensor(0) ^ c.X;
        table["bitwise_left_shift"] = c => c.X << c.Tensor(0);
        table["bitwise_right_shift"] = c => c.X >> c.Tensor(0);
        table["__lshift__"] = c => c.X << c.Tensor(0);
        table["__rshift__"] = c => c.X >> c.Tensor(0);
        table["isnan"] = c => c.X.IsNaN();
        table["isinf"] = c => c.X.IsInf();
        table["isfinite"] = c => c.X.IsFinite();
        table["isposinf"] = c => c.X.IsPosInf();
        table["isneginf"] = c => c.X.IsNegInf();
        table["isreal"] = c => c.X.IsReal();
        table["signbit"] = c => c.X.SignBit();
        table["isclose"] = c => c.X.IsClose(c.Tensor(0), c.Number(1, "rtol", 1e-5), c.Number(2, "atol", 1e-8), c.Flag(3, "equal_nan"));
        table["allclose"] = c => c.X.AllClose(c.Tensor(0), c.Number(1, "rtol", 1e-5), c.Number(2, "atol", 1e-8), c.Flag(3, "equal_nan"));
        table["equal"] = c => c.X.Equal(c.Tensor(0));
        table["all"] = c => c.Has(0, "dim") ? c.X.All(c.Ints(0, "dim"), c.Flag(1, "keepdim")) : c.X.All();
        table["any"] = c => c.Has(0, "dim") ? c.X.Any(c.Ints(0, "dim"), c.Flag(1, "keepdim")) : c.X.Any();
    }
}
