using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

// Eigenvectors of a symmetric tridiagonal matrix by divide and conquer.
//
// T is two tridiagonal matrices and rho v v', where v has two elements that are not zero. With the eigenvectors Q of the two, Q' T Q is D + rho z z',
// a diagonal matrix and one of rank one (J. Cuppen, 1981). Its eigenvalues are the roots of the secular equation 1 + rho sum z_j^2 / (d_j - x) = 0,
// one between each two of the d; its eigenvectors have the elements z_j / (d_j - x). Nearly all work is then a product of matrices, the vectors of
// the two with those of the one.
//
// Two things make it backward stable. Where z_j is a rounding, or two d differ by so little that a rotation makes one z_j a rounding, an eigenvalue
// and its vector are there already and are left out (deflation): what remains is well separated. And z is not the z that was given, but the one for
// which the roots, as far as they were found, are the exact ones (M. Gu, S. Eisenstat, 1995): its elements are products of differences, and vectors
// made of them are orthogonal to all digits. For this the differences d_j - x are kept as offsets from the nearest d, where they lose nothing.
//
// Vectors are rows here. Those of the first half are zero where those of the second are not, so that products are done in two parts (as in LAPACK's
// laed2 and laed3).

/// <summary>One matrix of rank one on a diagonal one at a time, from leaves that are done by iteration up to the whole.</summary>
internal static unsafe class DividedEigen
{
    /// <summary>The order up to which iteration is quicker.</summary>
    public const int Leaf = 32;

    // Far more than ever needed: each step halves the bracket at least every other time.
    private const int MostSteps = 200;

    // Roots that are one part for a thread, and how many are worth waking one.
    private const int RootsOfPart = 16;
    private const int Parallel = 96;

    /// <summary>The elements of scratch memory for an order.</summary>
    public static long ScratchFor(int n) => (3L * n * n) + (6L * n);

    /// <summary>Finds all eigenvalues and eigenvectors.</summary>
    /// <param name="n">The order.</param>
    /// <param name="d">The diagonal, in whose place eigenvalues come in ascending order.</param>
    /// <param name="e">The diagonal beside it; used up.</param>
    /// <param name="rows">The eigenvectors as rows; given as the identity.</param>
    /// <param name="scratch">As many elements as <see cref="ScratchFor"/> says.</param>
    /// <returns>0, or how many elements beside the diagonal did not vanish in leaves.</returns>
    public static int Run<T, R, G>(int n, T* d, T* e, MatrixView<T> rows, T* scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        if (n <= Leaf)
        {
            var open = SymmetricEigen.Iterate<T, R, G>(n, d, e, rows);
            SymmetricEigen.Sort<T, R, G>(n, d, rows);
            return open;
        }

        var half = n / 2;
        var beside = e[half - 1];
        var rho = T.Abs(beside);
        d[half - 1] -= rho;
        d[half] -= rho;
        var info = Run<T, R, G>(half, d, e, rows.Block(0, half, 0, half), scratch);
        info += Run<T, R, G>(n - half, d + half, e + half, rows.Block(half, n - half, half, n - half), scratch);
        var merge = new Merge<T, R, G>(n, half, d, rows, scratch);
        merge.Run(rho, T.IsNegative(beside));
        return info;
    }

    private struct Merge<T, R, G>
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        private readonly int _n;
        private readonly int _half;
        private readonly T* _d;
        private readonly MatrixView<T> _rows;
        private readonly T* _z;
        private readonly T* _poles;
        private readonly T* _weights;
        private readonly T* _squares;
        private readonly T* _values;
        private readonly T* _made;
        private readonly T* _space;
        private T _rho;
        private int _count;

        public Merge(int n, int half, T* d, MatrixView<T> rows, T* scratch)
        {
            (_n, _half, _rows) = (n, half, rows);
            _d = d;
            _z = scratch;
            _poles = scratch + n;
            _weights = scratch + (2 * n);
            _squares = scratch + (3 * n);
            _values = scratch + (4 * n);
            _made = scratch + (5 * n);
            _space = scratch + (6 * n);
        }

        public void Run(T rho, bool isNegative)
        {
            // z has the length of the square root of two; made a unit, its square goes to rho.
            var unit = T.One / T.Sqrt(T.One + T.One);
            for (var i = 0; i < _n; i++)
            {
                _z[i] = i < _half ? _rows[i, _half - 1] * unit : (isNegative ? -_rows[i, _half] : _rows[i, _half]) * unit;
            }

            rho += rho;
            _rho = rho;
            var order = new int[_n];
            MergeSorted(order);

            // Kinds of rows that remain: 0 in the first half, 1 in both, 2 in the second.
            var kinds = new int[_n];
            for (var i = _half; i < _n; i++)
            {
                kinds[i] = 2;
            }

            var kept = new int[_n];
            var gone = new int[_n];
            var count = Deflate(rho, order, kinds, kept, gone);
            for (var i = 0; i < count; i++)
            {
                (_poles[i], _weights[i]) = (_d[kept[i]], _z[kept[i]]);
                _squares[i] = _weights[i] * _weights[i];
            }

            // Results in their order, vectors of the rest first.
            var vectors = new MatrixView<T>(_space, _n, _n);
            _count = count;
            Rest(count, kept, kinds, vectors.Block(0, count, 0, _n));
            for (var i = count; i < _n; i++)
            {
                _values[i] = _d[gone[i - count]];
                _rows.Block(gone[i - count], 1, 0, _n).CopyTo(vectors.Block(i, 1, 0, _n));
            }

            for (var i = 0; i < _n; i++)
            {
                order[i] = i;
            }

            new Span<T>(_values, _n).CopyTo(new Span<T>(_z, _n));
            new Span<T>(_z, _n).Sort(order.AsSpan());
            for (var i = 0; i < _n; i++)
            {
                _d[i] = _z[i];
                vectors.Block(order[i], 1, 0, _n).CopyTo(_rows.Block(i, 1, 0, _n));
            }
        }

        /// <summary>The order of the eigenvalues of both halves, each of which are sorted.</summary>
        private readonly void MergeSorted(int[] order)
        {
            var (left, right) = (0, _half);
            for (var i = 0; i < _n; i++)
            {
                order[i] = right == _n || (left < _half && _d[left] <= _d[right]) ? left++ : right++;
            }
        }

        /// <summary>Finds eigenvalues that are there already; says how many are not.</summary>
        private readonly int Deflate(T rho, int[] order, int[] kinds, int[] kept, int[] gone)
        {
            var largest = T.Zero;
            for (var i = 0; i < _n; i++)
            {
                largest = T.Max(largest, T.Max(T.Abs(_d[i]), T.Abs(_z[i])));
            }

            var small = T.CreateTruncating(4) * Precise<T>.Epsilon * largest;
            var (count, left, before) = (0, 0, -1);
            foreach (var i in order)
            {
                if (rho * T.Abs(_z[i]) <= small)
                {
                    gone[left++] = i;
                    continue;
                }

                if (before >= 0)
                {
                    // A rotation that makes the earlier z zero brings in an element beside the diagonal.
                    var length = T.Hypot(_z[i], _z[before]);
                    T c = _z[i] / length, s = -_z[before] / length;
                    if (T.Abs((_d[i] - _d[before]) * c * s) <= small)
                    {
                        (_z[i], _z[before]) = (length, T.Zero);
                        kinds[i] = kinds[i] == kinds[before] ? kinds[i] : 1;
                        new Rotation<T>(c, s, T.Zero).Apply<R, G>(_n, _rows.At(before, 0), _rows.At(i, 0));
                        T first = _d[before], second = _d[i];
                        _d[before] = (first * c * c) + (second * s * s);
                        _d[i] = (first * s * s) + (second * c * c);
                        gone[left++] = before;
                    }
                    else
                    {
                        kept[count++] = before;
                    }
                }

                before = i;
            }

            if (before >= 0)
            {
                kept[count++] = before;
            }

            return count;
        }

        /// <summary>Eigenvalues and vectors of what was not deflated.</summary>
        private void Rest(int count, int[] kept, int[] kinds, MatrixView<T> made)
        {
            if (count == 0)
            {
                return;
            }

            var inner = new MatrixView<T>(_space + ((nint)_n * _n), count, count);
            fixed (Merge<T, R, G>* self = &this)
            {
                if (count < Parallel)
                {
                    Roots(0, count);
                }
                else
                {
                    Team.Run(&Part, self, (count + RootsOfPart - 1) / RootsOfPart);
                }
            }

            // The z of which the roots are exact.
            for (var j = 0; j < count; j++)
            {
                _made[j] = T.One;
            }

            for (var i = 0; i < count; i++)
            {
                Multiply(count, i, inner.At(i, 0));
            }

            for (var j = 0; j < count; j++)
            {
                _made[j] = T.CopySign(T.Sqrt(T.Abs(_made[j])), _weights[j]);
            }

            // Columns go by kind, so that halves are products of blocks.
            var places = new int[count];
            var (next, both, second) = (0, 0, 0);
            for (var kind = 0; kind < 3; kind++)
            {
                (both, second) = (kind == 1 ? next : both, kind == 2 ? next : second);
                for (var j = 0; j < count; j++)
                {
                    if (kinds[kept[j]] == kind)
                    {
                        places[next++] = j;
                    }
                }
            }

            var rest = count - both;
            var top = new MatrixView<T>(inner.Data + ((nint)count * count), second, _half);
            var bottom = new MatrixView<T>(top.Data + ((nint)second * _half), rest, _n - _half);
            for (var i = 0; i < count; i++)
            {
                var row = kept[places[i]];
                if (i < second)
                {
                    _rows.Block(row, 1, 0, _half).CopyTo(top.Block(i, 1, 0, _half));
                }

                if (i >= both)
                {
                    _rows.Block(row, 1, _half, _n - _half).CopyTo(bottom.Block(i - both, 1, 0, _n - _half));
                }

                Vector(count, inner.At(i, 0), places);
            }

            MatrixView<T>.Multiply(T.One, inner.Block(0, count, 0, second), top, T.Zero, made.Block(0, count, 0, _half));
            MatrixView<T>.Multiply(T.One, inner.Block(0, count, both, rest), bottom, T.Zero, made.Block(0, count, _half, _n - _half));
            if (second == 0)
            {
                made.Block(0, count, 0, _half).Fill(T.Zero);
            }

            if (rest == 0)
            {
                made.Block(0, count, _half, _n - _half).Fill(T.Zero);
            }
        }

        private static void Part(void* context, int part)
        {
            ref var merge = ref Unsafe.AsRef<Merge<T, R, G>>(context);
            merge.Roots(part * RootsOfPart, Math.Min(merge._count, (part + 1) * RootsOfPart));
        }

        private readonly void Roots(int from, int to)
        {
            var inner = new MatrixView<T>(_space + ((nint)_n * _n), _count, _count);
            for (var i = from; i < to; i++)
            {
                _values[i] = Root(_rho, i, _count, inner.At(i, 0));
            }
        }

        /// <summary>Differences of one root to products over all.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Multiply(int count, int root, T* differences)
        {
            var (j, pole, own) = (0, _poles[root], _made[root] * differences[root]);
            var shift = G.Splat(pole);
            for (; j <= count - G.Count; j += G.Count)
            {
                var ratio = G.Divide(G.Load(differences + j), G.Subtract(G.Load(_poles + j), shift));
                G.Store(G.Multiply(G.Load(_made + j), ratio), _made + j);
            }

            for (; j < count; j++)
            {
                _made[j] *= differences[j] / (_poles[j] - pole);
            }

            _made[root] = own;
        }

        /// <summary>Makes a vector, of unit length, of the differences of a root, in the order of places.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Vector(int count, T* differences, int[] places)
        {
            var i = 0;
            for (; i <= count - G.Count; i += G.Count)
            {
                G.Store(G.Divide(G.Load(_made + i), G.Load(differences + i)), _z + i);
            }

            for (; i < count; i++)
            {
                _z[i] = _made[i] / differences[i];
            }

            // Deflation leaves no difference so small that squares overflow.
            var scale = T.One / T.Sqrt(Strip<T, R, G>.Dot(count, _z, _z));
            for (var j = 0; j < count; j++)
            {
                differences[j] = _z[places[j]] * scale;
            }
        }

        /// <summary>The root above a pole, and the differences of all poles to it.</summary>
        private readonly T Root(T rho, int index, int count, T* differences)
        {
            var (one, two) = (T.One, T.One + T.One);
            var isLast = index == count - 1;
            var inverse = one / rho;
            T width, origin = _poles[index];
            if (isLast)
            {
                width = T.Zero;
                for (var j = 0; j < count; j++)
                {
                    width += _squares[j];
                }

                // The sum of squares is rounded, and so is the product.
                width *= rho * (one + (T.CreateTruncating(count) * Precise<T>.Epsilon));
            }
            else
            {
                width = _poles[index + 1] - origin;
            }

            // Offsets are counted from the nearer pole, which the sign in the middle tells.
            var offset = width / two;
            var sums = Sums(index, count, origin, offset);
            var value = inverse + sums.Left + sums.Right;
            T low = T.Zero, high = isLast ? width : offset;
            if (isLast)
            {
                (low, high) = value < T.Zero ? (offset, width) : (T.Zero, offset);
            }
            else if (value < T.Zero)
            {
                origin = _poles[index + 1];
                (low, high, offset) = (-offset, T.Zero, -offset);
            }

            var tolerance = Precise<T>.Epsilon * T.CreateTruncating(Math.Min(count, 16));
            T near = _poles[index] - origin, far = isLast ? T.Zero : _poles[index + 1] - origin;
            for (var step = 0; step < MostSteps; step++)
            {
                if (T.Abs(value) <= tolerance * (inverse - sums.Left + sums.Right))
                {
                    break;
                }

                (low, high) = value < T.Zero ? (offset, high) : (low, offset);
                var move = Step(value, inverse, sums, near - offset, far - offset, isLast);
                var next = offset + move;
                if (!(next > low && next < high) || (step % 3) == 2)
                {
                    // Every third time, for certain progress; where nothing is left between the ends, offset is the root.
                    var middle = low + ((high - low) / two);
                    next = next > low && next < high && T.Abs(next - offset) < (high - low) / two ? next : middle;
                }

                if (next == offset || !(next > low && next < high))
                {
                    break;
                }

                offset = next;
                sums = Sums(index, count, origin, offset);
                value = inverse + sums.Left + sums.Right;
            }

            Differences(count, origin, offset, differences);
            return origin + offset;
        }

        /// <summary>
        /// Where the function is zero that has a constant and the two nearest poles, and agrees in the sums to either side and their slopes.
        /// </summary>
        private static T Step(T value, T inverse, (T Left, T Right, T LeftSlope, T RightSlope) sums, T near, T far, bool isLast)
        {
            var left = sums.LeftSlope * near * near;
            if (isLast)
            {
                return near + (left / (inverse + sums.Left - (sums.LeftSlope * near)));
            }

            var right = sums.RightSlope * far * far;
            var constant = value - (sums.LeftSlope * near) - (sums.RightSlope * far);
            var linear = (constant * (near + far)) + left + right;
            var product = near * far * value;
            var root = T.Sqrt(T.Abs((linear * linear) - (T.CreateTruncating(4) * constant * product)));
            return linear <= T.Zero ? (linear - root) / (constant + constant) : (product + product) / (linear + root);
        }

        /// <summary>The sums over poles up to one and beyond it, and their slopes.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly (T Left, T Right, T LeftSlope, T RightSlope) Sums(int index, int count, T origin, T offset)
        {
            var (left, leftSlope) = Side(0, index + 1, origin, offset);
            var (right, rightSlope) = Side(index + 1, count, origin, offset);
            return (left, right, leftSlope, rightSlope);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly (T Sum, T Slope) Side(int from, int to, T origin, T offset)
        {
            R shift = G.Splat(origin), more = G.Splat(offset), one = G.Splat(T.One), sum = G.Splat(T.Zero), slope = sum;
            var j = from;
            for (; j <= to - G.Count; j += G.Count)
            {
                var over = G.Divide(one, G.Subtract(G.Subtract(G.Load(_poles + j), shift), more));
                var term = G.Multiply(G.Load(_squares + j), over);
                sum = G.Add(sum, term);
                slope = G.MultiplyAdd(term, over, slope);
            }

            T allSum = G.Sum(sum), allSlope = G.Sum(slope);
            for (; j < to; j++)
            {
                var over = T.One / (_poles[j] - origin - offset);
                var term = _squares[j] * over;
                allSum += term;
                allSlope += term * over;
            }

            return (allSum, allSlope);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Differences(int count, T origin, T offset, T* differences)
        {
            R shift = G.Splat(origin), more = G.Splat(offset);
            var j = 0;
            for (; j <= count - G.Count; j += G.Count)
            {
                G.Store(G.Subtract(G.Subtract(G.Load(_poles + j), shift), more), differences + j);
            }

            for (; j < count; j++)
            {
                differences[j] = _poles[j] - origin - offset;
            }
        }
    }
}
