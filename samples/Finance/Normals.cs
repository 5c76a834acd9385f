namespace Finance;

/// <summary>
/// Standard normal numbers: the generator MT19937 (M. Matsumoto, T. Nishimura 1998) and Marsaglia's polar method with 53 bits of two draws, in the
/// order of the GNU C++ library's <c>normal_distribution</c>, so that results can be compared with programs in C++.
/// </summary>
public sealed class Normals
{
    private readonly uint[] _state = new uint[624];
    private int _next = 624;
    private double? _saved;

    public Normals(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < _state.Length; i++)
        {
            _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;
        }
    }

    /// <summary>A matrix of normal numbers, drawn column by column: a column is a path.</summary>
    public Adjoint.Tensor Paths(int steps, int paths)
    {
        var numbers = new double[steps * paths];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Next();
        }

        return Adjoint.Tensor.FromArray(numbers, paths, steps).T.Contiguous();
    }

    /// <summary>The next one.</summary>
    public double Next()
    {
        if (_saved is { } saved)
        {
            _saved = null;
            return saved;
        }

        double x, y, square;
        do
        {
            x = (2 * Uniform()) - 1;
            y = (2 * Uniform()) - 1;
            square = (x * x) + (y * y);
        }
        while (square is > 1 or 0);
        var scale = Math.Sqrt(-2 * Math.Log(square) / square);
        _saved = x * scale;
        return y * scale;
    }

    private double Uniform()
    {
        var low = (double)Draw();
        return (low + (Draw() * 4294967296.0)) / 18446744073709551616.0;
    }

    private uint Draw()
    {
        if (_next == _state.Length)
        {
            for (var i = 0; i < _state.Length; i++)
            {
                var mixed = (_state[i] & 0x80000000) | (_state[(i + 1) % 624] & 0x7fffffff);
                _state[i] = _state[(i + 397) % 624] ^ (mixed >> 1) ^ ((mixed & 1) * 0x9908b0df);
            }

            _next = 0;
        }

        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }
}
