namespace Adjoint;

/// <content>Hessians.</content>
public static partial class Transform
{
    /// <summary>The matrix of second derivatives of a function with a scalar result: forward mode over reverse mode.</summary>
    /// <param name="function">The function.</param>
    /// <param name="chunkSize">Push at most this many elements of the argument at once; null for all.</param>
    /// <returns>A function whose result has the argument's shape twice.</returns>
    /// <example><code>var h = Hessian((Tensor x) => (x * x * x).Sum())(x);   // diag(6 x)</code></example>
    public static Func<Tensor, Tensor> Hessian(Func<Tensor, Tensor> function, int? chunkSize = null) => JacFwd(Grad(function), chunkSize);

    /// <summary>The second derivatives of a function of a structure with a scalar result: forward mode over reverse mode.</summary>
    /// <param name="function">The function.</param>
    /// <param name="chunkSize">Push at most this many elements of a tensor of the argument at once; null for all.</param>
    /// <returns>
    /// A function that gives, for each tensor of the argument in order, a structure like the argument: the derivatives of the gradient by that
    /// tensor, each of its shape followed by that of the tensor they are taken by.
    /// </returns>
    /// <example>
    /// <code>
    /// var h = Hessian(((Tensor W, Tensor B) p) => (x.Mv(p.W) + p.B).Square().Sum())((w, b));
    /// Tensor ww = h[0].W, wb = h[0].B, bb = h[1].B;
    /// </code>
    /// </example>
    public static Func<A, A[]> Hessian<A>(Func<A, Tensor> function, int? chunkSize = null)
    {
        var gradient = Grad(function);
        return JacFwd((A x) => Tree.Leaves(gradient(x)), chunkSize);
    }

    /// <summary>The second derivatives of a function of two tensors with a scalar result: forward mode over reverse mode.</summary>
    /// <param name="function">The function.</param>
    /// <param name="chunkSize">Push at most this many elements of an argument at once; null for all.</param>
    /// <returns>A function whose result <c>h[i][j]</c> is by argument i and then by argument j, of the shape of i followed by that of j.</returns>
    /// <example><code>var vanna = Hessian(Price)(spot, volatility)[0][1];</code></example>
    public static Func<Tensor, Tensor, Tensor[][]> Hessian(Func<Tensor, Tensor, Tensor> function, int? chunkSize = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        var hessian = Hessian((Tensor[] all) => function(all[0], all[1]), chunkSize);
        return (x, y) => hessian([Given(x), Given(y)]);
    }

    /// <summary>The second derivatives of a function of three tensors with a scalar result: forward mode over reverse mode.</summary>
    /// <inheritdoc cref="Hessian(Func{Tensor, Tensor, Tensor}, int?)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor[][]> Hessian(Func<Tensor, Tensor, Tensor, Tensor> function, int? chunkSize = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        var hessian = Hessian((Tensor[] all) => function(all[0], all[1], all[2]), chunkSize);
        return (x, y, z) => hessian([Given(x), Given(y), Given(z)]);
    }
}
