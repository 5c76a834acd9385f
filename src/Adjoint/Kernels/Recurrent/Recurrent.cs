using System.Numerics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Steps of recurrent cells, element by element, for the processor's registers; the products of matrices are the caller's.</summary>
internal static unsafe class Recurrent
{
    /// <inheritdoc cref="RecurrentLanes{L, T}.Lstm"/>
    public static void Lstm<T>(int rows, int n, T* gates, Rows<T> before, Rows<T> cell, Rows<T> seen)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new LstmJob<T>(rows, n, gates, before, cell, seen);
        Width.Run<LstmJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="RecurrentLanes{L, T}.LstmBack"/>
    public static void LstmBack<T>(
        int rows, int n, T* gates, Rows<T> before, Rows<T> cell, T* ofSeen, Rows<T> ofCell, T* carried, T* ofGates, T* seen)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new LstmBackJob<T>(rows, n, gates, before, cell, ofSeen, ofCell, carried, ofGates, seen);
        Width.Run<LstmBackJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="RecurrentLanes{L, T}.Gru"/>
    public static void Gru<T>(int rows, int n, T* ofInput, T* ofState, T* before, T* gates, T* state)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new GruJob<T>(rows, n, ofInput, ofState, before, gates, state);
        Width.Run<GruJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="RecurrentLanes{L, T}.GruBack"/>
    public static void GruBack<T>(int rows, int n, T* gates, T* before, T* carried, T* ofInput, T* ofState)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new GruBackJob<T>(rows, n, gates, before, carried, ofInput, ofState);
        Width.Run<GruBackJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="RecurrentLanes{L, T}.Rnn"/>
    public static void Rnn<T>(nint n, bool isRelu, T* state)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new RnnJob<T>(n, isRelu, state);
        Width.Run<RnnJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="RecurrentLanes{L, T}.RnnBack"/>
    public static void RnnBack<T>(nint n, bool isRelu, T* state, T* gradient, T* carried, T* ofSum)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new RnnBackJob<T>(n, isRelu, state, gradient, carried, ofSum);
        Width.Run<RnnBackJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="RecurrentLanes{L, T}.Add"/>
    public static void Add<T>(int rows, int n, Rows<T> from, Rows<T> to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new AddJob<T>(rows, n, from, to);
        Width.Run<AddJob<T>, T>(ref job);
    }

    private readonly struct LstmJob<T>(int rows, int n, T* gates, Rows<T> before, Rows<T> cell, Rows<T> seen) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => RecurrentLanes<Lane<T, R, G>, T>.Lstm(rows, n, gates, before, cell, seen);
    }

    private readonly struct LstmBackJob<T>(
        int rows, int n, T* gates, Rows<T> before, Rows<T> cell, T* ofSeen, Rows<T> ofCell, T* carried, T* ofGates, T* seen) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> =>
            RecurrentLanes<Lane<T, R, G>, T>.LstmBack(rows, n, gates, before, cell, ofSeen, ofCell, carried, ofGates, seen);
    }

    private readonly struct GruJob<T>(int rows, int n, T* ofInput, T* ofState, T* before, T* gates, T* state) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => RecurrentLanes<Lane<T, R, G>, T>.Gru(rows, n, ofInput, ofState, before, gates, state);
    }

    private readonly struct GruBackJob<T>(int rows, int n, T* gates, T* before, T* carried, T* ofInput, T* ofState) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => RecurrentLanes<Lane<T, R, G>, T>.GruBack(rows, n, gates, before, carried, ofInput, ofState);
    }

    private readonly struct RnnJob<T>(nint n, bool isRelu, T* state) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => RecurrentLanes<Lane<T, R, G>, T>.Rnn(n, isRelu, state);
    }

    private readonly struct RnnBackJob<T>(nint n, bool isRelu, T* state, T* gradient, T* carried, T* ofSum) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => RecurrentLanes<Lane<T, R, G>, T>.RnnBack(n, isRelu, state, gradient, carried, ofSum);
    }

    private readonly struct AddJob<T>(int rows, int n, Rows<T> from, Rows<T> to) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => RecurrentLanes<Lane<T, R, G>, T>.Add(rows, n, from, to);
    }
}

/// <summary>Rows of elements that lie a step apart.</summary>
internal readonly unsafe struct Rows<T>(T* first, nint step)
    where T : unmanaged
{
    public T* First { get; } = first;

    public nint Step { get; } = step;

    public T* this[nint row] => First + (row * Step);
}
