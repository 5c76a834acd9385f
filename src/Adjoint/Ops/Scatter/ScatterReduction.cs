namespace Adjoint;

/// <summary>How values that meet are joined, with each other and with what is there (the <c>reduce</c> of PyTorch's scatters).</summary>
public enum ScatterReduction
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their product.</summary>
    Prod,

    /// <summary>Their mean; of whole numbers, rounded down.</summary>
    Mean,

    /// <summary>The largest.</summary>
    Amax,

    /// <summary>The smallest.</summary>
    Amin,
}
