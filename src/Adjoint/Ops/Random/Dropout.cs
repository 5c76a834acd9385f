namespace Adjoint;

/// <summary>Dropout.</summary>
public static class DropoutMethod
{
    extension(Tensor x)
    {
        /// <summary>
        /// Sets elements to 0 at random and divides the others by the share that stays, so that the mean stays too
        /// (<c>torch.nn.functional.dropout</c>). Outside of training the tensor itself.
        /// </summary>
        /// <param name="p">The share of elements that become 0.</param>
        /// <param name="training">Whether to do anything.</param>
        /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
        /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
        public Tensor Dropout(double p = 0.5, bool training = true, Generator? generator = null)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (!(p is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(p), $"dropout probability has to be between 0 and 1, but got {p}");
            }

            if (!training || p == 0)
            {
                return x;
            }

            if (p == 1)
            {
                return x * 0;
            }

            var stays = Tensor.Rand(x.Layout.Sizes, x.DType, generator) < 1 - p;
            return x * (stays.To(x.DType) / (1 - p));
        }
    }
}
