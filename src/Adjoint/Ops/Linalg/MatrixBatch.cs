using System.Globalization;
using System.Numerics;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The way from tensors to kernels of linear algebra: dense operands with one batch, whose members are shared out to threads.</summary>
internal static unsafe class MatrixBatch
{
    // Work, in multiply-adds, that is worth waking another thread for.
    private const double Parallel = 1 << 17;

    // Registers hold one matrix in each place; parts begin where registers do.
    private const int Group = 16;

    /// <summary>The product of the sizes of a batch.</summary>
    /// <param name="sizes">All sizes.</param>
    /// <param name="last">How many of them are no batch.</param>
    public static int Count(int[] sizes, int last = 2)
    {
        long count = 1;
        for (var i = 0; i < sizes.Length - last; i++)
        {
            count *= sizes[i];
        }

        return Shape.Dimension(count, "the batch");
    }

    /// <summary>A dense tensor with the sizes of a batch of another, and others at the end.</summary>
    public static Tensor Fresh(Tensor like, int last, DType dtype, params ReadOnlySpan<int> sizes) =>
        Op.Fresh(Layout.Dense([.. like.Layout.Sizes.AsSpan()[..^last], .. sizes]), dtype);

    /// <summary>Runs a job over dense tensors of the same batch.</summary>
    /// <param name="job">The job.</param>
    /// <param name="dtype">The dtype of the elements.</param>
    /// <param name="batch">The number of members.</param>
    /// <param name="work">The multiply-adds for each.</param>
    /// <param name="tensors">The operands.</param>
    public static void Run<J>(J job, DType dtype, int batch, double work, params Tensor[] tensors)
        where J : unmanaged, IMatrixJob
    {
        if (batch == 0)
        {
            return;
        }

        var data = stackalloc byte*[tensors.Length];
        var steps = stackalloc nint[tensors.Length];
        using var pins = new Pins(tensors);
        for (var i = 0; i < tensors.Length; i++)
        {
            Guard.Dense(tensors[i], tensors[i].DType, tensors[i].Layout.Count);
            data[i] = pins[i];
            steps[i] = tensors[i].Layout.Count / batch * tensors[i].DType.ItemSize;
        }

        dtype.VisitReal(
            new Loops<J> { Job = job, Data = data, Steps = steps, Batch = batch, IsLarge = work * batch >= Parallel }, OperatorText<J>());
    }

    /// <summary>Throws for the first member of a batch whose factorisation failed.</summary>
    /// <param name="infos">0 for those that did not, int32 and dense.</param>
    /// <param name="call">What the user called.</param>
    /// <param name="sentence">What went wrong, from where.</param>
    public static void ThrowIfFailed(Tensor infos, string call, Func<int, string> sentence)
    {
        var values = infos.Storage.AsSpan<int>().Slice((int)infos.Layout.Offset, (int)infos.Layout.Count);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] != 0)
            {
                var member = infos.Rank > 0 ? string.Create(CultureInfo.InvariantCulture, $"(Batch element {i}): ") : string.Empty;
                throw new LinalgException($"{call}: {member}{sentence(values[i])}");
            }
        }
    }

    private static string OperatorText<J>() => typeof(J).DeclaringType?.Name ?? typeof(J).Name;

    private struct Loops<J> : IRealJob
        where J : unmanaged, IMatrixJob
    {
        public J Job;
        public byte** Data;
        public nint* Steps;
        public int Batch;
        public bool IsLarge;

        private int _group;

        void IRealJob.Run<T>()
        {
            var parts = IsLarge && Batch > 1 ? Math.Min((Batch + Group - 1) / Group, 4 * Team.MaxThreads) : 1;
            parts = IsLarge && Batch is > 1 and < 2 * Group ? Batch : parts;
            if (parts == 1)
            {
                Job.Run<T>(new MatrixOperands(Data, Steps), 0, Batch);
                return;
            }

            _group = (Batch + parts - 1) / parts;
            _group = Batch < 2 * Group ? _group : (_group + Group - 1) / Group * Group;
            fixed (Loops<J>* self = &this)
            {
                Team.Run(&Part<T>, self, (Batch + _group - 1) / _group);
            }
        }

        private static void Part<T>(void* context, int part)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            ref var loops = ref System.Runtime.CompilerServices.Unsafe.AsRef<Loops<J>>(context);
            var first = part * loops._group;
            loops.Job.Run<T>(new MatrixOperands(loops.Data, loops.Steps), first, Math.Min(loops._group, loops.Batch - first));
        }
    }
}
