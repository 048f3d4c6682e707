using System.Globalization;
using Mammo.Data.Datasets;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Prediction;

/// <summary>Scores of images that are known from elsewhere, to compare a converted model with.</summary>
public static class KnownScores
{
    /// <summary>Reads a dataset CSV (path, label) with one further column of probabilities for each class, named after it.</summary>
    /// <param name="path">The CSV.</param>
    /// <param name="options">How the known scores were made.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>: no such columns, or not numbers.</exception>
    public static ExpectedOutputs Read(string path, PredictorOptions options, CancellationToken cancellation = default)
    {
        var dataset = DatasetCsv.Read(path).Dataset;
        var classes = dataset.Images.FirstOrDefault()?.Extra.Where(column => Parse(column.Value) is not null && !IsLeftOut(column.Key))
            .Select(column => column.Key).ToArray() ?? [];
        if (classes.Length == 0)
            throw new MammoException(
                ErrorIds.DatasetInvalid,
                $"'{path}' has no images with scores.",
                "Give the columns path, label and one column of numbers for each class, named after it.",
                path);
        return new ExpectedOutputs(
            [.. dataset.Images.SelectMany(image => classes.Select(name => Score(image, name, path)))],
            model => Run(model, dataset, classes, options, cancellation));

        bool IsLeftOut(string column) =>
            options.ClassMap?.Any(pair => pair.Value.Length == 0 && pair.Key.Equals(column, StringComparison.OrdinalIgnoreCase)) == true;
    }

    private static List<double> Run(MammoModel model, MammoDataset dataset, string[] classes, PredictorOptions options, CancellationToken cancellation)
    {
        var positions = ClassMatch.For(model, options.ClassMap).Of($"the columns of '{dataset.Name}'", classes).Positions;
        string[] names = [.. classes.Select(name => model.Classes[positions[name]!.Value])];
        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new MammoException(
                ErrorIds.ModelClassMismatch,
                $"Two columns of '{dataset.Name}' ({string.Join(", ", classes)}) are taken for scores of '{twice.Key}'.",
                "Name each column after a class of the model.",
                twice.Key);
        using var predictor = new Predictor([model], options, cancellation);

        // What the images are does not matter to their scores.
        var images = dataset.Images.Select(image => image with { Class = null, Label = null });
        return [.. images.SelectMany(predictor.Add).Concat(predictor.Finish()).SelectMany(result => result.Prediction is { } prediction
            ? names.Select(name => prediction.Probability[name])
            : throw result.Failure!)];
    }

    private static double Score(MammoImage image, string name, string path) => image.Extra.TryGetValue(name, out var text) && Parse(text) is { } score
        ? score
        : throw new MammoException(ErrorIds.DatasetInvalid, $"'{path}' has no number in column '{name}' for '{image.Path}'.", target: path);

    private static double? Parse(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>Outputs that the model is known to give, and how to get them from the converted one.</summary>
/// <param name="Values">The known outputs.</param>
/// <param name="Run">Runs the model on the inputs that they belong to and returns as many outputs in the same order.</param>
public sealed record ExpectedOutputs(IReadOnlyList<double> Values, Func<MammoModel, IReadOnlyList<double>> Run);
