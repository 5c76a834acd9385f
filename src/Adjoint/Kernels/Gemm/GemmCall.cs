namespace Adjoint.Kernels;

/// <summary>
/// The operands of one matrix product, C[m,n] = alpha * A[m,k] * B[k,n] + beta * C; strides in elements.
/// </summary>
internal unsafe struct GemmCall<T>
    where T : unmanaged
{
    public int M, N, K;
    public T Alpha, Beta;
    public T* A, B, C;
    public nint RsA, CsA, RsB, CsB, RsC, CsC;

    /// <summary>The same product read the other way: C^T = B^T * A^T.</summary>
    public readonly GemmCall<T> Transposed() => new()
    {
        M = N, N = M, K = K, Alpha = Alpha, Beta = Beta,
        A = B, RsA = CsB, CsA = RsB,
        B = A, RsB = CsA, CsB = RsA,
        C = C, RsC = CsC, CsC = RsC,
    };

    /// <summary>The product that makes a block of C.</summary>
    public readonly GemmCall<T> Block(int row, int rows, int column, int columns)
    {
        var block = this;
        block.M = rows;
        block.N = columns;
        block.A += row * RsA;
        block.B += column * CsB;
        block.C += row * RsC + column * CsC;
        return block;
    }
}

/// <summary>
/// How a product is computed; chosen from the whole shape, so that a part of a split product takes the same way.
/// </summary>
internal enum GemmPath
{
    /// <summary>C = beta * C: there is nothing to multiply.</summary>
    Scale,

    /// <summary>See <see cref="GemmSmall"/>.</summary>
    Small,

    /// <summary>A matrix times one vector, or a few, on its right.</summary>
    Right,

    /// <summary>One vector, or a few, times a matrix.</summary>
    Left,

    /// <summary>k is 1.</summary>
    Outer,

    /// <summary>Register tiles over packed or unpacked strips.</summary>
    Tiled,
}
