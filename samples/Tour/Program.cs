// A tour of Adjoint. Part 1 is PyTorch's autograd notebook in C#; part 2 trains a classifier of handwritten digits.
// Start reading in Notebook/Notebook.cs and Digits/DigitsTraining.cs: those use the library, the others mostly print.
using System.Globalization;
using Tour;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var options = Options.Parse(args);
    if (options.Help)
    {
        Console.WriteLine(Options.Usage);
        return 0;
    }

    var output = new OutputFolder(options.Out);
    var notebook = new Notebook(output).Run();
    var digits = DigitsTraining.Run(options, output);
    Console.WriteLine();
    Console.WriteLine($"Files in {output.Path}: {string.Join(", ", output.Files)}");
    return notebook && digits ? 0 : 1;
}
catch (UsageException error)
{
    Console.Error.WriteLine($"tour: {error.Message}");
    return 2;
}
