using System.Globalization;
using System.IO.Compression;
using Adjoint;
using Adjoint.NN;
using Adjoint.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Transforms;
using Tensor = Adjoint.Tensor;

// A network on its way between frameworks: parameters come from a PyTorch file, the last layer is trained further, the result is saved as
// safetensors and written as an ONNX model, which ONNX Runtime runs. Give a state dictionary of
// nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)) that torch.save wrote; without one the sample makes such a file itself.
var checks = new Checks();
var folder = Directory.CreateTempSubdirectory("adjoint-exchange-").FullName;
var (images, digits) = Read(Path.Combine(AppContext.BaseDirectory, "data", "digits.csv.gz"));
var random = new Generator(3);

// 1. The file from PyTorch: a network that has only seen the digits from 0 to 4.
var pretrained = args is [var given, ..] ? given : Path.Combine(folder, "pretrained.pt");
if (args.Length == 0)
{
    var source = Network(random);
    var small = Tensor.Where(digits < 5)[0];
    Train(source, images.IndexSelect(0, small), digits.IndexSelect(0, small), 60, 0.01);
    source.Save(pretrained);
}

// 2. Load it, keep the first layer as it is, and train the last one for all ten digits.
var network = Network(random);
var report = network.Load(pretrained);
checks.That(report.IsComplete, $"all of {Path.GetFileName(pretrained)} was found: {report}");
var (training, test) = (Tensor.Arange(1400), Tensor.Arange(1400, 1797));
var (testImages, testDigits) = (images.IndexSelect(0, test), digits.IndexSelect(0, test));
var before = Accuracy(network.Forward(testImages), testDigits);
Train(network, images.IndexSelect(0, training), digits.IndexSelect(0, training), 2000, 0.05, onlyLast: args.Length == 0);
network.Eval();
var expected = network.Forward(testImages).Detach();
var after = Accuracy(expected, testDigits);
checks.That(
    args.Length > 0 || (before < 0.7 && after > 0.85),
    string.Create(CultureInfo.InvariantCulture, $"accuracy {before:P1} before, {after:P1} after"));

// 3. Save as safetensors, and read it back.
var saved = Path.Combine(folder, "digits.safetensors");
network.Save(saved);
var again = Network(random);
again.Load(saved);
checks.That(again.Forward(testImages).Eq(expected).All().Item<bool>(), "safetensors gives the same network back, bit for bit");

// 4. Export to ONNX for any number of images, and run it in ONNX Runtime.
var exported = Path.Combine(folder, "digits.onnx");
network.ExportOnnx(exported, testImages[..2], new OnnxOptions { InputNames = ["images"], OutputNames = ["scores"] });
using var session = new InferenceSession(exported);
var input = new DenseTensor<float>(testImages.ToArray<float>(), testImages.Shape.ToArray());
using var results = session.Run([NamedOnnxValue.CreateFromTensor("images", input)]);
var scores = Tensor.FromArray(results[0].AsTensor<float>().ToArray()).Reshape(-1, 10);
var apart = (scores - expected).Abs().Max().Item<float>();
checks.That(
    apart < 1e-4,
    string.Create(CultureInfo.InvariantCulture, $"ONNX Runtime agrees on {testImages.Shape[0]} images, at most {apart:0.0e+00} apart"));

// 5. The model read back is a function like any other.
var model = OnnxModel.Load(exported);
var own = model.Run(testImages)[0];
checks.That(own.Eq(expected).All().Item<bool>(), "the model read back gives the same scores");
var byModel = Transform.Grad((Tensor x) => model.Run(x)[0].CrossEntropy(testDigits))(testImages);
var byNetwork = Transform.Grad((Tensor x) => network.Forward(x).CrossEntropy(testDigits))(testImages);
checks.That((byModel - byNetwork).Abs().Max().Item<float>() < 1e-6, "and the same gradient by the images");

Directory.Delete(folder, recursive: true);
Console.WriteLine(checks);
return checks.Failed == 0 ? 0 : 1;

static Sequential Network(Generator random) =>
    new(new Linear(64, 32, generator: random), new ReLU(), new Linear(32, 10, generator: random));

static void Train(Sequential network, Tensor x, Tensor y, int steps, double rate, bool onlyLast = false)
{
    var optimizer = new Adam(onlyLast ? network[2].Parameters() : network.Parameters(), rate);
    for (var step = 0; step < steps; step++)
    {
        network.ZeroGrad();
        network.Forward(x).CrossEntropy(y).Backward();
        optimizer.Step();
    }
}

static double Accuracy(Tensor scores, Tensor digits) => scores.Argmax(1).Eq(digits).To(DType.Float64).Mean().Item<double>();

static (Tensor Images, Tensor Digits) Read(string path)
{
    using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
    var (pixels, digits) = (new List<float>(), new List<long>());
    while (reader.ReadLine() is { } line)
    {
        var numbers = Array.ConvertAll(line.Split(','), number => int.Parse(number, CultureInfo.InvariantCulture));
        pixels.AddRange(numbers[..64].Select(number => number / 16f));
        digits.Add(numbers[64]);
    }

    return (Tensor.FromArray(pixels.ToArray()).Reshape(-1, 64), Tensor.FromArray(digits.ToArray()));
}
