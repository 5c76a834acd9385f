using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions;

namespace Adjoint.Kernels;

/// <summary>
/// One step of each recurrent cell and back, once the products of matrices are there. Gates lie behind each other in a row, n elements each, in
/// PyTorch's order.
/// </summary>
internal static unsafe class RecurrentLanes<L, T>
    where L : struct, ILane<L, T>
    where T : unmanaged
{
    /// <summary>Sums of gates become gates i, f, g, o, in place; the cell is f before + i g, and what is seen of it o tanh(cell).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Lstm(int rows, int n, T* gates, Rows<T> before, Rows<T> cell, Rows<T> seen)
    {
        for (nint row = 0; row < rows; row++)
        {
            T* a = gates + (row * 4 * n), b = before[row], c = cell[row], s = seen[row];
            for (var j = 0; j < n; j += L.Count)
            {
                var left = n - j;
                var i = Sigmoid(Get(a + j, left));
                var f = Sigmoid(Get(a + n + j, left));
                var g = L.Call<Tanh>(Get(a + (2 * n) + j, left));
                var o = Sigmoid(Get(a + (3 * n) + j, left));
                var next = (f * Get(b + j, left)) + (i * g);
                Put(i, a + j, left);
                Put(f, a + n + j, left);
                Put(g, a + (2 * n) + j, left);
                Put(o, a + (3 * n) + j, left);
                Put(next, c + j, left);
                Put(o * L.Call<Tanh>(next), s + j, left);
            }
        }
    }

    /// <summary>
    /// The gradients of the sums of gates. What is carried is the gradient of the cell from the step after, and becomes that for the step before.
    /// What was seen is written down again if it is asked for.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LstmBack(
        int rows, int n, T* gates, Rows<T> before, Rows<T> cell, T* ofSeen, Rows<T> ofCell, T* carried, T* ofGates, T* seen)
    {
        for (nint row = 0; row < rows; row++)
        {
            T* a = gates + (row * 4 * n), d = ofGates + (row * 4 * n), b = before[row], c = cell[row], gc = ofCell[row];
            T* gs = ofSeen + (row * n), kept = carried + (row * n), s = seen == null ? null : seen + (row * n);
            for (var j = 0; j < n; j += L.Count)
            {
                var left = n - j;
                var i = Get(a + j, left);
                var f = Get(a + n + j, left);
                var g = Get(a + (2 * n) + j, left);
                var o = Get(a + (3 * n) + j, left);
                var t = L.Call<Tanh>(Get(c + j, left));
                var ofS = Get(gs + j, left);
                var ofC = Get(kept + j, left) + Get(gc + j, left) + (ofS * o * (L.One - (t * t)));
                Put(ofC * g * i * (L.One - i), d + j, left);
                Put(ofC * Get(b + j, left) * f * (L.One - f), d + n + j, left);
                Put(ofC * i * (L.One - (g * g)), d + (2 * n) + j, left);
                Put(ofS * t * o * (L.One - o), d + (3 * n) + j, left);
                Put(ofC * f, kept + j, left);
                if (s != null)
                {
                    Put(o * t, s + j, left);
                }
            }
        }
    }

    /// <summary>Gates r, z, n, and the state's part of n, from what input and state add to their sums; and the state n + z (before - n).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gru(int rows, int n, T* ofInput, T* ofState, T* before, T* gates, T* state)
    {
        for (nint row = 0; row < rows; row++)
        {
            T* x = ofInput + (row * 3 * n), h = ofState + (row * 3 * n), a = gates + (row * 4 * n);
            T* b = before + (row * n), s = state + (row * n);
            for (var j = 0; j < n; j += L.Count)
            {
                var left = n - j;
                var r = Sigmoid(Get(x + j, left) + Get(h + j, left));
                var z = Sigmoid(Get(x + n + j, left) + Get(h + n + j, left));
                var part = Get(h + (2 * n) + j, left);
                var fresh = L.Call<Tanh>(Get(x + (2 * n) + j, left) + (r * part));
                Put(r, a + j, left);
                Put(z, a + n + j, left);
                Put(fresh, a + (2 * n) + j, left);
                Put(part, a + (3 * n) + j, left);
                Put(fresh + (z * (Get(b + j, left) - fresh)), s + j, left);
            }
        }
    }

    /// <summary>
    /// The gradients of what input and state add. What is carried is the gradient of the state, and becomes what it gives the state before directly.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GruBack(int rows, int n, T* gates, T* before, T* carried, T* ofInput, T* ofState)
    {
        for (nint row = 0; row < rows; row++)
        {
            T* a = gates + (row * 4 * n), x = ofInput + (row * 3 * n), h = ofState + (row * 3 * n);
            T* b = before + (row * n), kept = carried + (row * n);
            for (var j = 0; j < n; j += L.Count)
            {
                var left = n - j;
                var r = Get(a + j, left);
                var z = Get(a + n + j, left);
                var fresh = Get(a + (2 * n) + j, left);
                var g = Get(kept + j, left);
                var ofFresh = g * (L.One - z) * (L.One - (fresh * fresh));
                var ofR = ofFresh * Get(a + (3 * n) + j, left) * r * (L.One - r);
                var ofZ = g * (Get(b + j, left) - fresh) * z * (L.One - z);
                Put(ofR, x + j, left);
                Put(ofZ, x + n + j, left);
                Put(ofFresh, x + (2 * n) + j, left);
                Put(ofR, h + j, left);
                Put(ofZ, h + n + j, left);
                Put(ofFresh * r, h + (2 * n) + j, left);
                Put(g * z, kept + j, left);
            }
        }
    }

    /// <summary>The state from its sum, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rnn(nint n, bool isRelu, T* state)
    {
        for (nint j = 0; j < n; j += L.Count)
        {
            var x = Get(state + j, n - j);
            Put(isRelu ? L.Max(x, L.Zero) : L.Call<Tanh>(x), state + j, n - j);
        }
    }

    /// <summary>The gradient of the sum from that of the state, its own and the carried one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RnnBack(nint n, bool isRelu, T* state, T* gradient, T* carried, T* ofSum)
    {
        for (nint j = 0; j < n; j += L.Count)
        {
            var left = n - j;
            var y = Get(state + j, left);
            var g = Get(gradient + j, left) + Get(carried + j, left);
            Put(isRelu ? L.Select(L.Less(L.Zero, y), g, L.Zero) : g * (L.One - (y * y)), ofSum + j, left);
        }
    }

    /// <summary>Adds rows to rows; a step of 0 adds all to one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(int rows, int n, Rows<T> from, Rows<T> to)
    {
        for (nint row = 0; row < rows; row++)
        {
            T* x = from[row], y = to[row];
            for (var j = 0; j < n; j += L.Count)
            {
                Put(Get(y + j, n - j) + Get(x + j, n - j), y + j, n - j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Sigmoid(L x) => L.One / (L.One + L.Call<Exp>(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Get(T* from, nint left) => left >= L.Count ? L.Load(from) : L.LoadFirst(from, (int)left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(L value, T* to, nint left)
    {
        if (left >= L.Count)
        {
            L.Store(value, to);
        }
        else
        {
            L.StoreFirst(value, to, (int)left);
        }
    }
}
