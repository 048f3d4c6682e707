using System.Text.Json;
using System.Text.Json.Serialization;
using Mammo.Evaluation;
using Mammo.Evaluation.Decisions;
using Mammo.Evaluation.Localisation;
using Mammo.Evaluation.Measurement;
using Mammo.Reports.Plots;

namespace Mammo.Reports.Documents;

/// <summary>A report as JSON, for programs: what the HTML says, but for the pictures. docs/report.schema.json describes it.</summary>
public static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DictionaryKeyPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a report.</summary>
    public static string Of(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        Plot?[] plots =
        [
            CurvePlots.Histogram(content.Scores, content.PositiveClass),
            CurvePlots.Roc(content.Result),
            CurvePlots.PrecisionRecall(content.Result),
            CurvePlots.Calibration(content.Result),
            CurvePlots.Decision(content.Result),
            content.Localisation is null ? null : CurvePlots.Froc(content.Localisation),
            CurvePlots.History(content.History),
        ];
        return JsonSerializer.Serialize(
            new
            {
                Format = "mammo-report",
                Version = 1,
                Use = "research only",
                content.Title,
                content.Question,
                content.Created,
                content.PositiveClass,
                content.Data,
                Counts = content.Counts.Select(Count),
                Findings = content.Findings.Select(finding => new { finding.Id, finding.Message, finding.Subject, finding.SuggestedFix }),
                Measurement = Measurement(content.Result),
                Subgroups = content.Subgroups.Select(group => new { group.Property, group.Value, Measurement = Measurement(group.Result) }),
                Localisation = content.Localisation is { } found ? Found(found, content.LocalisationFacts) : null,
                Cases = content.Cases.Select(item => new { item.Id, item.Patient, item.Score, item.Positive }),
                content.Models,
                content.Options,
                content.Versions,
                Checklists = Checklist.Of(content),
                Figures = plots.OfType<Plot>().Select(plot => new { plot.Name, plot.Title, plot.Description, Csv = PlotCsv.Of(plot) }),
            },
            Options) + "\n";
    }

    private static object Count(CountTable table) => new
    {
        table.Property,
        Images = table.Counts.Select(pair => new { Value = pair.Key, Count = pair.Value }),
    };

    private static object Found(LocalisationResult result, IEnumerable<Fact> facts) => new
    {
        result.Images,
        result.NormalImages,
        result.Lesions,
        result.Patients,
        Facts = facts,
        Statistics = Table(result.Statistics),
    };

    private static object Measurement(EvaluationResult result) => new
    {
        result.Unit,
        result.Count,
        result.Positives,
        result.Images,
        result.Breasts,
        result.Patients,
        result.Options.Bootstrap,
        result.Options.Seed,
        result.Options.Prevalence,
        Statistics = Table(result.Statistics),
        OperatingPoints = result.OperatingPoints.Select((point, i) => Point(point, result.PredictiveValues.IsEmpty ? null : result.PredictiveValues[i])),
    };

    private static object Point(OperatingPoint point, PredictiveValues? values) => new
    {
        point.Name,
        point.Threshold,
        point.Undefined,
        point.TruePositives,
        point.FalsePositives,
        point.TrueNegatives,
        point.FalseNegatives,
        Sensitivity = Value(point.Sensitivity),
        Specificity = Value(point.Specificity),
        PositivePredictiveValue = Value(point.PositivePredictiveValue),
        NegativePredictiveValue = Value(point.NegativePredictiveValue),
        AtPrevalence = values is null
            ? null
            : new { values.Prevalence, PositivePredictiveValue = Value(values.Positive), NegativePredictiveValue = Value(values.Negative) },
    };

    private static IEnumerable<object> Table<T>(EstimateTable<T> statistics)
        where T : struct, Enum => statistics.InOrder().Select(pair => new { pair.Statistic, Estimate = Value(pair.Estimate) });

    private static object Value(Estimate estimate) => new { estimate.Value, estimate.Undefined, estimate.Intervals };
}
