using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The way from tensors to the matrix product kernels: batch, rows and columns by strides, nothing is copied.</summary>
internal static unsafe class Product
{
    /// <summary>One operand as a batch of matrices: where it starts, and its steps from matrix to matrix, row to row, column to column.</summary>
    public readonly record struct Matrices(Tensor Tensor, nint Step, nint Row, nint Column)
    {
        /// <summary>The rows of a matrix, which has its tensor's first dimension along them or across them.</summary>
        public int Rows => Tensor.Layout.Sizes[IsTransposed ? 1 : 0];

        /// <summary>The columns of a matrix.</summary>
        public int Columns => Tensor.Layout.Sizes[IsTransposed ? 0 : 1];

        private bool IsTransposed { get; init; }

        /// <summary>The same matrices in the dtype that they are computed in.</summary>
        public Matrices Widened() => this with { Tensor = Op.WideAsLaid(Tensor) };

        /// <summary>A tensor of three dimensions as a batch.</summary>
        public static Matrices Batch(Tensor x) => new(x, x.Layout.Strides[0], x.Layout.Strides[1], x.Layout.Strides[2]);

        public static Matrices Matrix(Tensor x) => new(x, 0, x.Layout.Strides[0], x.Layout.Strides[1]);

        /// <summary>The transpose of a matrix.</summary>
        public static Matrices Transpose(Tensor x) => new(x, 0, x.Layout.Strides[1], x.Layout.Strides[0]) { IsTransposed = true };

        public static Matrices RowVector(Tensor x) => new(x, 0, 0, x.Layout.Strides[0]);

        public static Matrices ColumnVector(Tensor x) => new(x, 0, x.Layout.Strides[0], 0);
    }

    /// <summary>The product of two matrices; the result is dense.</summary>
    public static Tensor Of(in Matrices a, in Matrices b) => Run(1, a.Rows, b.Columns, a.Columns, a, b, [a.Rows, b.Columns]);

    /// <summary>The product of two matrices in the sizes of a layout.</summary>
    public static Tensor Of(in Matrices a, in Matrices b, Layout layout) =>
        Run(1, a.Rows, b.Columns, a.Columns, a, b, layout.ToDense());

    /// <summary>result = a * b + addend for each of a batch; the result is dense.</summary>
    public static Tensor Run(
        int batch, int m, int n, int k, in Matrices a, in Matrices b, ReadOnlySpan<int> sizes, Tensor? addend = null) =>
        Run(batch, m, n, k, a, b, Layout.Dense(sizes), addend);

    /// <summary>The same with a result of a known layout, which is dense.</summary>
    public static Tensor Run(int batch, int m, int n, int k, in Matrices a, in Matrices b, Layout layout, Tensor? addend = null)
    {
        Guard.DTypes(a.Tensor.DType, a.Tensor, b.Tensor, addend);
        if (a.Tensor.DType is { IsNarrow: true } stored)
        {
            return Op.Convert(Run(batch, m, n, k, a.Widened(), b.Widened(), layout, addend is null ? null : Op.Wide(addend)), stored);
        }

        if (batch > 0 && m > 0 && n > 0 && k > 0)
        {
            Guard.Reach(a.Tensor, ((nint)(batch - 1) * a.Step) + ((nint)(m - 1) * a.Row) + ((nint)(k - 1) * a.Column));
            Guard.Reach(b.Tensor, ((nint)(batch - 1) * b.Step) + ((nint)(k - 1) * b.Row) + ((nint)(n - 1) * b.Column));
        }

        var result = Op.Fresh(layout, a.Tensor.DType);
        Guard.Dense(result, result.DType, (nint)batch * m * n);
        if (addend is not null)
        {
            Fill(addend, result);
        }

        fixed (byte* originA = &a.Tensor.Storage.Origin, originB = &b.Tensor.Storage.Origin, to = &result.Storage.Origin)
        {
            var job = new Loops
            {
                A = a, B = b, FromA = originA, FromB = originB, To = to, Batch = batch, M = m, N = n, K = k, Adds = addend is not null,
            };
            result.DType.Visit(ref job);
        }

        GC.KeepAlive(a.Tensor);
        GC.KeepAlive(b.Tensor);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Copies what broadcasts to a result into it; a bias, row after row.</summary>
    private static void Fill(Tensor addend, Tensor result)
    {
        var size = addend.Layout.Count * addend.DType.ItemSize;
        if (addend.Rank != 1 || !addend.Layout.IsDense || addend.DType != result.DType || size > 4096
            || addend.Layout.Sizes[0] != result.Layout.Sizes[^1])
        {
            Op.CopyInto(addend, result);
            return;
        }

        var row = addend.Storage.AsSpan<byte>(0, (int)size);
        var end = result.Layout.Count * result.DType.ItemSize;
        for (nint start = 0; start < end && size > 0; start += row.Length)
        {
            row.CopyTo(result.Storage.AsSpan<byte>(start, row.Length));
        }

        GC.KeepAlive(addend);
        GC.KeepAlive(result);
    }

    private static void Real<T>(T* a, T* b, T* c, int batch, int m, int n, int k, in Matrices left, in Matrices right, bool adds)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        a += left.Tensor.Layout.Offset;
        b += right.Tensor.Layout.Offset;
        var beta = adds ? T.One : T.Zero;
        if (batch == 1)
        {
            Gemm.Run(m, n, k, T.One, a, left.Row, left.Column, b, right.Row, right.Column, beta, c, n, 1);
            return;
        }

        Gemm.RunBatched(
            batch, m, n, k, T.One, a, left.Step, left.Row, left.Column, b, right.Step, right.Row, right.Column, beta, c, (nint)m * n, n, 1);
    }

    private static void Whole<T>(T* a, T* b, T* c, int batch, int m, int n, int k, in Matrices left, in Matrices right, bool adds)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        a += left.Tensor.Layout.Offset;
        b += right.Tensor.Layout.Offset;
        var beta = adds ? T.One : T.Zero;
        for (var i = 0; i < batch; i++)
        {
            GemmInteger.Run(m, n, k, T.One, a, left.Row, left.Column, b, right.Row, right.Column, beta, c, n, 1);
            a += left.Step;
            b += right.Step;
            c += (nint)m * n;
        }
    }

    private struct Loops : IDTypeJob
    {
        public Matrices A;
        public Matrices B;
        public byte* FromA;
        public byte* FromB;
        public byte* To;
        public int Batch;
        public int M;
        public int N;
        public int K;
        public bool Adds;

        readonly void IDTypeJob.Truth() => throw new DTypeException(
            "\"matmul\" not implemented for 'Bool'. Convert the tensors first, for example with To(DType.Int64).");

        readonly void IDTypeJob.Whole<T>() => Product.Whole((T*)FromA, (T*)FromB, (T*)To, Batch, M, N, K, A, B, Adds);

        readonly void IDTypeJob.Real<S, T, C>() => Product.Real((T*)FromA, (T*)FromB, (T*)To, Batch, M, N, K, A, B, Adds);
    }
}
