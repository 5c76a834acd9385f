using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Eigenvalues and eigenvectors of many small symmetric matrices, one in each place of a register, by Jacobi's method: rotations of two rows and
/// columns, in turn, each of which makes one element zero, until all are (G. Golub, C. Van Loan, Matrix Computations, 8.5).
/// All places do the same work, so that what has converged early turns by zero.
/// </summary>
internal static unsafe class SymmetricJacobi
{
    /// <summary>The largest matrices for which this wins over one after another.</summary>
    public const int MostOrder = 16;

    // Convergence is quadratic: six are many.
    private const int MostSweeps = 30;

    /// <summary>
    /// Finds eigenvalues in ascending order and eigenvectors. Operand 0 are the matrices, of which one triangle is read, operand 1 the eigenvalues,
    /// operand 2 infos as of <see cref="SymmetricEigen"/>, operand 3 the eigenvectors as columns, if they are wanted.
    /// </summary>
    public static void Run<T>(bool upper, bool vectors, int order, in MatrixOperands operands, int first, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new Job<T>(upper, vectors, order, operands, first, count);
        Width.Run<Job<T>, T>(ref job);
    }

    private struct Job<T>(bool upper, bool vectors, int order, MatrixOperands operands, int first, int count) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var square = order * order;
            using var scratch = new Scratch<T>((long)G.Count * ((2 * square) + 1));
            T* a = scratch.Data, v = a + (square * G.Count), sizes = v + (square * G.Count);
            for (var start = first; start < first + count; start += G.Count)
            {
                var members = Math.Min(G.Count, first + count - start);
                Gather<R, G>(start, members, a, sizes);
                for (var i = 0; vectors && i < square; i++)
                {
                    G.Store(G.Splat(i % (order + 1) == 0 ? T.One : T.Zero), v + (i * G.Count));
                }

                var isDone = Rotate<R, G>(a, v, G.Load(sizes));
                for (var lane = 0; lane < members; lane++)
                {
                    *operands.At<int>(2, start + lane) = !T.IsFinite(sizes[lane]) ? SymmetricEigen.NotFinite : isDone ? 0 : order;
                    Scatter<R, G>(start + lane, a + lane, v + lane);
                }
            }
        }

        /// <summary>
        /// Lays members side by side, both triangles from one, with the largest magnitude of each; the last one fills places that are left.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Gather<R, G>(int start, int members, T* a, T* sizes)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            for (var lane = 0; lane < G.Count; lane++)
            {
                var from = operands.At<T>(0, start + Math.Min(lane, members - 1));
                var largest = T.Zero;
                for (var i = 0; i < order; i++)
                {
                    for (var j = 0; j <= i; j++)
                    {
                        var value = upper ? from[(j * order) + i] : from[(i * order) + j];
                        a[(((i * order) + j) * G.Count) + lane] = value;
                        a[(((j * order) + i) * G.Count) + lane] = value;
                        largest = T.Max(largest, T.Abs(value));
                    }
                }

                sizes[lane] = largest;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly bool Rotate<R, G>(T* a, T* v, R sizes)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var small = G.Multiply(sizes, G.Splat(Precise<T>.Epsilon / T.CreateTruncating(8)));
            nint row = order * G.Count;
            for (var sweep = 0; sweep < MostSweeps; sweep++)
            {
                var largest = G.Splat(T.Zero);
                for (var p = 0; p < order; p++)
                {
                    for (var q = p + 1; q < order; q++)
                    {
                        largest = G.MaxNative(largest, G.Abs(G.Load(a + (p * row) + (q * G.Count))));
                    }
                }

                if (!G.Any(G.Less(small, largest)))
                {
                    return true;
                }

                for (var p = 0; p < order - 1; p++)
                {
                    for (var q = p + 1; q < order; q++)
                    {
                        Turn<R, G>(a, v, row, p, q);
                    }
                }
            }

            return false;
        }

        /// <summary>Makes element (p, q) zero.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Turn<R, G>(T* a, T* v, nint row, int p, int q)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            T* rowP = a + (p * row), rowQ = a + (q * row);
            nint placeP = p * G.Count, placeQ = q * G.Count;
            R one = G.Splat(T.One), beside = G.Load(rowP + placeQ), atP = G.Load(rowP + placeP), atQ = G.Load(rowQ + placeQ);

            // The smaller root of t^2 + 2 ratio t = 1; a ratio that overflows gives zero.
            var ratio = G.Divide(G.Subtract(atQ, atP), G.Add(beside, beside));
            var t = G.CopySign(G.Divide(one, G.Add(G.Abs(ratio), G.Sqrt(G.MultiplyAdd(ratio, ratio, one)))), ratio);
            t = G.Select(G.Equal(beside, G.Splat(T.Zero)), G.Splat(T.Zero), t);
            var c = G.Divide(one, G.Sqrt(G.MultiplyAdd(t, t, one)));
            R s = G.Multiply(t, c), minus = G.Negate(s);
            G.Store(G.MultiplyAdd(G.Negate(t), beside, atP), rowP + placeP);
            G.Store(G.MultiplyAdd(t, beside, atQ), rowQ + placeQ);
            G.Store(G.Splat(T.Zero), rowP + placeQ);
            G.Store(G.Splat(T.Zero), rowQ + placeP);
            for (var k = 0; k < order; k++)
            {
                nint place = k * G.Count;
                if (k != p && k != q)
                {
                    R x = G.Load(rowP + place), y = G.Load(rowQ + place);
                    R turnedX = G.MultiplyAdd(c, x, G.Multiply(minus, y)), turnedY = G.MultiplyAdd(c, y, G.Multiply(s, x));
                    G.Store(turnedX, rowP + place);
                    G.Store(turnedY, rowQ + place);
                    G.Store(turnedX, a + (k * row) + placeP);
                    G.Store(turnedY, a + (k * row) + placeQ);
                }

                if (vectors)
                {
                    R x = G.Load(v + (p * row) + place), y = G.Load(v + (q * row) + place);
                    G.Store(G.MultiplyAdd(c, x, G.Multiply(minus, y)), v + (p * row) + place);
                    G.Store(G.MultiplyAdd(c, y, G.Multiply(s, x)), v + (q * row) + place);
                }
            }
        }

        /// <summary>Writes one member in ascending order; its elements are a register apart.</summary>
        private readonly void Scatter<R, G>(int member, T* a, T* v)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var values = operands.At<T>(1, member);
            int* places = stackalloc int[MostOrder];
            for (var i = 0; i < order; i++)
            {
                var value = a[i * (order + 1) * G.Count];
                var place = i;
                for (; place > 0 && values[place - 1] > value; place--)
                {
                    values[place] = values[place - 1];
                    places[place] = places[place - 1];
                }

                values[place] = value;
                places[place] = i;
            }

            if (vectors)
            {
                var to = operands.At<T>(3, member);
                for (var j = 0; j < order; j++)
                {
                    var from = v + (places[j] * order * G.Count);
                    for (var i = 0; i < order; i++)
                    {
                        to[(i * order) + j] = from[i * G.Count];
                    }
                }
            }
        }
    }
}
