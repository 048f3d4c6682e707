using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mammo.Archive.Shards;
using Mammo.Archive.Worklists;
using Mammo.Evaluation;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Scoring;
using Mammo.Scoring.Prediction;

namespace Mammo.PowerShell.Archive;

/// <summary>Scores the images of a worklist as Invoke-MammoPredict does, and gives the predictions as results with the same columns.</summary>
/// <param name="predictor">What scores them.</param>
/// <param name="root">Folder that paths start at.</param>
/// <param name="warn">Given what was noticed in an image, once in a run.</param>
internal sealed class PredictionScorer(Predictor predictor, string root, Action<Finding> warn)
{
    // What an image has only beside those before it would differ with the shards.
    private static readonly string[] OfRuns = [ErrorIds.BitDepthMixed, ErrorIds.MeanFarFromData];

    private static readonly IReadOnlyList<PropertyInfo> Properties =
        [.. RecordAdapter.Listed(typeof(MammoPrediction)).Where(property => property.Name != nameof(MammoPrediction.Path))];

    private static readonly HashSet<string> Names = Properties.Select(property => property.Name).Append(nameof(MammoPrediction.Path))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What decides the results.</summary>
    /// <param name="predictor">What scores.</param>
    /// <param name="models">Its models.</param>
    /// <param name="options">What was asked for.</param>
    public static RunDescription Describe(Predictor predictor, IReadOnlyList<MammoModel> models, PredictorOptions options)
    {
        var version = typeof(Predictor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "not known";
        var map = options.ClassMap?.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}") ?? [];
        (string Name, string Value)[] further =
        [
            ("mammo", version),
            // The card's word for the weights is not taken.
            ("weights", string.Join(',', models.Select(WeightHash.Computed))),
            ("card", string.Join(',', models.Select(CardHash))),
            ("anyview", options.Dicom.AnyView ? "true" : "false"),
            ("classmap", string.Join(',', map)),
            ("batch", options.BatchSize.ToString(CultureInfo.InvariantCulture)),
        ];
        return new RunDescription(
            [
                .. further.Select(option => KeyValuePair.Create(option.Name, option.Value)),
                .. InferenceOptions.Read(predictor.Inference).Where(option => option.Key != InferenceOptions.Weights),
            ],
            [.. Properties.Select(property => new ResultColumn(property.Name, TypeOf(property.PropertyType)))]);
    }

    /// <summary>Scores.</summary>
    public IEnumerable<(WorkItem Item, Result Result)> Score(IEnumerable<WorkItem> items)
    {
        var waiting = new Queue<WorkItem>();
        foreach (var item in items)
        {
            waiting.Enqueue(item);
            foreach (var result in predictor.Add(item.Image with { Path = item.FullPath(root) }))
                yield return (waiting.Peek(), ResultOf(waiting.Dequeue(), result));
        }

        foreach (var result in predictor.Finish())
            yield return (waiting.Peek(), ResultOf(waiting.Dequeue(), result));
    }

    /// <summary>The result of an image that has no scores: what the worklist says of it, and why.</summary>
    public static Result Refuse(WorkItem item, MammoException failure)
    {
        var image = item.Image;
        return new Result([
            KeyValuePair.Create(nameof(MammoPrediction.TrueClass), FieldValue.Of(image.Class)),
            KeyValuePair.Create(nameof(MammoPrediction.Patient), FieldValue.Of(image.Patient)),
            KeyValuePair.Create(nameof(MammoPrediction.Laterality), FieldValue.Of(image.Laterality)),
            KeyValuePair.Create(nameof(MammoPrediction.View), FieldValue.Of(image.View)),
            KeyValuePair.Create(nameof(MammoPrediction.SampleWeight), FieldValue.Of(image.SampleWeight)),
            .. Further(image.Extra),
        ])
        { Refused = failure.ErrorId, Reason = failure.Message };
    }

    private Result ResultOf(WorkItem item, PredictionResult result)
    {
        foreach (var warning in result.NewWarnings)
            warn(warning);
        if (result.Prediction is not { } prediction)
            return Refuse(item, result.Failure!);
        var own = prediction with { Warning = string.Join(';', prediction.Warning.Split(';').Except(OfRuns)) };
        return new Result([
            .. Properties.Select(property => KeyValuePair.Create(property.Name, Value(property.GetValue(own)))), .. Further(prediction.Extra)]);
    }

    // As properties of predictions: a column with the name of one gets a number.
    private static IEnumerable<KeyValuePair<string, FieldValue>> Further(ImmutableSortedDictionary<string, string> columns) =>
        columns.Select(pair => KeyValuePair.Create(Names.Contains(pair.Key) ? $"{pair.Key}_2" : pair.Key, FieldValue.Of(pair.Value)));

    private static FieldValue Value(object? value) => value switch
    {
        null => FieldValue.Of(null),
        double number => FieldValue.Of(number),
        int number => FieldValue.Of(number),
        IFormattable text => FieldValue.Of(text.ToString(null, CultureInfo.InvariantCulture)),
        _ => FieldValue.Of(value.ToString()),
    };

    private static ColumnType TypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var number when number == typeof(double) => ColumnType.Number,
        var number when number == typeof(int) => ColumnType.Integer,
        _ => ColumnType.Text,
    };

    // Where a model's file was is no matter of its results.
    private static string CardHash(MammoModel model)
    {
        var card = model.Card;
        var json = JsonSerializer.Serialize(new { card.Classes, card.OutputsAreProbabilities, card.Calibration, card.Decision, card.Training });

        // The patients of an ensemble's trainings are in its parts.
        if (!card.Parts.IsEmpty)
            json += JsonSerializer.Serialize(card.Parts.Select(part => part.Training));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..InferenceOptions.HashDigits];
    }
}
