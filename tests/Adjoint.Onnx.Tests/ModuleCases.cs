using Adjoint.NN;

namespace Adjoint.Onnx.Tests;

/// <summary>Every module with a forward pass, and how it is called.</summary>
internal static class ModuleCases
{
    private static readonly Generator s_draws = new(5);

    /// <summary>A module that is written as a model.</summary>
    /// <param name="Module">The module.</param>
    /// <param name="Function">Calls it.</param>
    /// <param name="Inputs">The inputs.</param>
    /// <param name="Dynamic">The dimension that may have another size; null for none.</param>
    internal sealed record Call(Module Module, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Function, Tensor[] Inputs, int? Dynamic = 0);

    /// <summary>All modules.</summary>
    public static IEnumerable<Call> All() => Layers().Concat(Others()).Concat(Losses());

    private static Tensor Draw(params int[] sizes) => Tensor.Randn(sizes, null, s_draws);

    private static Call One(Layer layer, params int[] sizes) => new(layer, all => [layer.Forward(all[0])], [Draw(sizes)]);

    private static IEnumerable<Call> Layers()
    {
        foreach (var layer in new Layer[]
        {
            new Identity(), new Linear(6, 3), new ReLU(), new ReLU6(), new Sigmoid(), new NN.Tanh(), new GELU(), new SiLU(), new NN.Mish(),
            new ELU(), new SELU(),
            new CELU(), new LeakyReLU(), new PReLU(), new RReLU(), new GLU(), new Hardshrink(), new Hardsigmoid(), new Hardswish(), new Hardtanh(),
            new LogSigmoid(), new LogSoftmax(1), new Softmax(1), new Softmin(1), new Softplus(), new Softshrink(), new Softsign(), new Tanhshrink(),
            new Threshold(0.1, 2), new Dropout(), new AlphaDropout(), new FeatureAlphaDropout(), new LayerNorm(6), new RMSNorm(6), new BatchNorm1d(6),
            new Sequential(new Linear(6, 4), new ReLU(), new Linear(4, 2)), new Unflatten(1, new[] { 2, 3 }),
        })
        {
            yield return One(layer, 4, 6);
        }

        foreach (var layer in new Layer[]
        {
            new Conv1d(4, 3, 3), new ConvTranspose1d(4, 2, 3), new MaxPool1d(2), new AvgPool1d(2), new LPPool1d(2, 2), new AdaptiveAvgPool1d(4),
            new AdaptiveMaxPool1d(3), new ConstantPad1d(1, 0.5), new ZeroPad1d(1), new ReflectionPad1d(2), new ReplicationPad1d(2),
            new CircularPad1d(2),
            new Dropout1d(), new InstanceNorm1d(4),
        })
        {
            yield return One(layer, 2, 4, 8);
        }

        foreach (var layer in new Layer[]
        {
            new Conv2d(4, 3, 3, padding: 1), new ConvTranspose2d(4, 2, 3, 2), new MaxPool2d(2), new AvgPool2d(2), new LPPool2d(2, 2),
            new AdaptiveAvgPool2d(3),
            new AdaptiveMaxPool2d(3), new ConstantPad2d(1, 0.5), new ZeroPad2d(1), new ReflectionPad2d(2), new ReplicationPad2d(2),
            new CircularPad2d(2),
            new Dropout2d(), new InstanceNorm2d(4, affine: true), new BatchNorm2d(4), new GroupNorm(2, 4), new LocalResponseNorm(3), new Softmax2d(),
            new PixelShuffle(2), new PixelUnshuffle(2), new ChannelShuffle(2), new Flatten(), new Unfold(3),
            new Upsample([2.0, 2.0], InterpolateMode.Bilinear), new UpsamplingNearest2d(2.0, 2.0), new UpsamplingBilinear2d(2.0, 2.0),
        })
        {
            yield return One(layer, 2, 4, 6, 8);
        }

        foreach (var layer in new Layer[]
        {
            new Conv3d(4, 3, 2), new ConvTranspose3d(4, 2, 2), new MaxPool3d(2), new AvgPool3d(2), new LPPool3d(2, 2), new AdaptiveAvgPool3d(2),
            new AdaptiveMaxPool3d(2), new ConstantPad3d(1, 0.5), new ZeroPad3d(1), new ReflectionPad3d(1), new ReplicationPad3d(1),
            new CircularPad3d(1),
            new Dropout3d(), new InstanceNorm3d(4), new BatchNorm3d(4),
        })
        {
            yield return One(layer, 2, 4, 4, 6, 4);
        }

        yield return One(new Fold(new[] { 5, 6 }, 2), 2, 12, 20);
        yield return One(Standardize.Fit(Draw(9, 5)), 3, 5);
        var rare = new AdaptiveLogSoftmaxWithLoss(6, 12, [4, 8]);
        yield return new(rare, all => [rare.LogProb(all[0])], [Draw(3, 6)]);
    }

    private static IEnumerable<Call> Others()
    {
        var table = new Embedding(7, 3);
        yield return new(table, all => [table.Forward(all[0])], [Tensor.FromArray(new long[] { 1, 6, 0, 2 }).Reshape(2, 2)]);
        var bag = new EmbeddingBag(7, 3);
        yield return new(bag, all => [bag.Forward(all[0], null)], [Tensor.FromArray(new long[] { 1, 6, 0, 2 }).Reshape(2, 2)], null);
        var bilinear = new Bilinear(3, 2, 4);
        yield return new(bilinear, all => [bilinear.Forward(all[0], all[1])], [Draw(4, 3), Draw(4, 2)]);
        var cosine = new CosineSimilarity();
        yield return new(cosine, all => [cosine.Forward(all[0], all[1])], [Draw(4, 3), Draw(4, 3)]);
        var distance = new PairwiseDistance();
        yield return new(distance, all => [distance.Forward(all[0], all[1])], [Draw(4, 3), Draw(4, 3)]);
        var at = new MaxUnpool1d(2);
        yield return new(at, all => { var (y, i) = all[0].MaxPool1dWithIndices(2); return [at.Forward(y, i)]; }, [Draw(2, 3, 8)]);
        var at2 = new MaxUnpool2d(2);
        yield return new(at2, all => { var (y, i) = all[0].MaxPool2dWithIndices(2); return [at2.Forward(y, i)]; }, [Draw(2, 3, 4, 8)]);
        var at3 = new MaxUnpool3d(2);
        yield return new(at3, all => { var (y, i) = all[0].MaxPool3dWithIndices(2); return [at3.Forward(y, i)]; }, [Draw(2, 3, 4, 4, 4)]);
        var rnn = new RNN(3, 4, 2);
        yield return new(rnn, all => { var (y, h) = rnn.Forward(all[0]); return [y, h]; }, [Draw(5, 2, 3)], 1);
        var gru = new GRU(3, 4, bidirectional: true);
        yield return new(gru, all => { var (y, h) = gru.Forward(all[0]); return [y, h]; }, [Draw(5, 2, 3)], 1);
        var lstm = new LSTM(3, 4, 2, batchFirst: true);
        yield return new(lstm, all => { var (y, s) = lstm.Forward(all[0]); return [y, s.H, s.C]; }, [Draw(2, 5, 3)]);
        var rnnCell = new RNNCell(3, 4);
        yield return new(rnnCell, all => [rnnCell.Forward(all[0])], [Draw(2, 3)]);
        var gruCell = new GRUCell(3, 4);
        yield return new(gruCell, all => [gruCell.Forward(all[0], all[1])], [Draw(2, 3), Draw(2, 4)]);
        var lstmCell = new LSTMCell(3, 4);
        yield return new(lstmCell, all => { var (h, c) = lstmCell.Forward(all[0]); return [h, c]; }, [Draw(2, 3)]);
        var attention = new MultiheadAttention(8, 2, batchFirst: true);
        yield return new(attention, all => [attention.Forward(all[0], all[1], all[1])], [Draw(2, 5, 8), Draw(2, 3, 8)]);
        var encoderLayer = new TransformerEncoderLayer(8, 2, 16, batchFirst: true);
        yield return new(encoderLayer, all => [encoderLayer.Forward(all[0], null)], [Draw(2, 5, 8)]);
        var encoder = new TransformerEncoder(new TransformerEncoderLayer(8, 2, 16, batchFirst: true), 2);
        yield return new(encoder, all => [encoder.Forward(all[0], null)], [Draw(2, 5, 8)]);
        var decoderLayer = new TransformerDecoderLayer(8, 2, 16, batchFirst: true);
        yield return new(decoderLayer, all => [decoderLayer.Forward(all[0], all[1])], [Draw(2, 5, 8), Draw(2, 3, 8)]);
        var decoder = new TransformerDecoder(new TransformerDecoderLayer(8, 2, 16, batchFirst: true), 2);
        yield return new(decoder, all => [decoder.Forward(all[0], all[1])], [Draw(2, 5, 8), Draw(2, 3, 8)]);
        var transformer = new Transformer(8, 2, 1, 1, 16, batchFirst: true);
        yield return new(transformer, all => [transformer.Forward(all[0], all[1])], [Draw(2, 5, 8), Draw(2, 3, 8)]);
    }

    private static IEnumerable<Call> Losses()
    {
        var (x, y, classes) = (Draw(4, 5), Draw(4, 5), Tensor.FromArray(new long[] { 1, 0, 4, 2 }));
        var bce = new BCELoss();
        yield return new(bce, all => [bce.Forward(all[0].Sigmoid(), all[1].Sigmoid())], [x, y]);
        var logits = new BCEWithLogitsLoss();
        yield return new(logits, all => [logits.Forward(all[0], all[1].Sigmoid())], [x, y]);
        var cosine = new CosineEmbeddingLoss();
        yield return new(cosine, all => [cosine.Forward(all[0], all[1], all[1].Select(1, 0).Sign())], [x, y]);
        var entropy = new CrossEntropyLoss();
        yield return new(entropy, all => [entropy.Forward(all[0], all[1])], [x, classes]);
        var gaussian = new GaussianNLLLoss();
        yield return new(gaussian, all => [gaussian.Forward(all[0], all[1], all[1].Square() + 1)], [x, y]);
        var hinge = new HingeEmbeddingLoss();
        yield return new(hinge, all => [hinge.Forward(all[0], all[1].Sign())], [x, y]);
        var huber = new HuberLoss();
        yield return new(huber, all => [huber.Forward(all[0], all[1])], [x, y]);
        var divergence = new KLDivLoss();
        yield return new(divergence, all => [divergence.Forward(all[0].LogSoftmax(1), all[1].Softmax(1))], [x, y]);
        var l1 = new L1Loss();
        yield return new(l1, all => [l1.Forward(all[0], all[1])], [x, y]);
        var ranking = new MarginRankingLoss();
        yield return new(ranking, all => [ranking.Forward(all[0], all[1], all[1].Sign())], [x, y]);
        var squares = new MSELoss();
        yield return new(squares, all => [squares.Forward(all[0], all[1])], [x, y]);
        var soft = new MultiLabelSoftMarginLoss();
        yield return new(soft, all => [soft.Forward(all[0], all[1].Sigmoid())], [x, y]);
        var margin = new MultiMarginLoss();
        yield return new(margin, all => [margin.Forward(all[0], all[1])], [x, classes]);
        var likelihood = new NLLLoss();
        yield return new(likelihood, all => [likelihood.Forward(all[0].LogSoftmax(1), all[1])], [x, classes]);
        var poisson = new PoissonNLLLoss();
        yield return new(poisson, all => [poisson.Forward(all[0], all[1].Abs())], [x, y]);
        var smooth = new SmoothL1Loss();
        yield return new(smooth, all => [smooth.Forward(all[0], all[1])], [x, y]);
        var softMargin = new SoftMarginLoss();
        yield return new(softMargin, all => [softMargin.Forward(all[0], all[1].Sign())], [x, y]);
        var triplet = new TripletMarginLoss();
        yield return new(triplet, all => [triplet.Forward(all[0], all[1], all[0] + 1)], [x, y]);
        var far = new TripletMarginWithDistanceLoss();
        yield return new(far, all => [far.Forward(all[0], all[1], all[0] + 1)], [x, y]);
        var labels = new MultiLabelMarginLoss();
        yield return new(labels, all => [labels.Forward(all[0], all[1])], [x, Tensor.FromArray(new long[] { 1, 0, -1, 2, 3 }).Repeat(4, 1)]);
        var sequences = new CTCLoss();
        var labelled = Tensor.FromArray(new long[] { 1, 2, 2, 1 }).Reshape(2, 2);
        var (lengths, ends) = (Tensor.FromArray(new long[] { 6, 5 }), Tensor.FromArray(new long[] { 2, 1 }));
        yield return new(
            sequences,
            all => [sequences.Forward(all[0].LogSoftmax(2), labelled, lengths, ends)],
            [Draw(6, 2, 4)],
            null);
    }
}
