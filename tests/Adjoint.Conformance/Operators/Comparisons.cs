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
        table["all"] = c => c.Has(0, "dim") ? c.X.All(c.Ints(0, "dim"), c.Flag(1, "keepdim")) : c.X.All();
        table["any"] = c => c.Has(0, "dim") ? c.X.Any(c.Ints(0, "dim"), c.Flag(1, "keepdim")) : c.X.Any();
    }
}
