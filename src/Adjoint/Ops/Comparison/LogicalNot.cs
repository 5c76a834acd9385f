using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>True where an element is zero.</summary>
public static class LogicalNotMethod
{
    extension(Tensor x)
    {
        /// <summary>A bool tensor, true where x is zero.</summary>
        public Tensor LogicalNot()
        {
            ArgumentNullException.ThrowIfNull(x);
            return x.Eq(0);
        }
    }
}
