using System.Collections;
using System.Management.Automation;
using Mammo.Evaluation.Exams;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>What the cmdlets share that put the views of exams together: which predictions, and of what there is one record.</summary>
public abstract class ExamCommand : MammoCmdlet
{
    private const int Shown = 3;

    // What is said once of all exams; the rest of their ids was said when the images were scored.
    private static readonly (string Id, string What)[] Noticed =
    [
        (ErrorIds.ImageUnscored, "have images without a score, which are left out"),
        (ErrorIds.LateralityMissing, "have images whose side is not known, which belong to neither breast"),
        (ErrorIds.ViewRepeated, "have several images of one view, which all count"),
        (ErrorIds.ViewsContradict, "have breasts whose images are of different classes; the highest counts"),
    ];

    private readonly Dictionary<string, List<string>> _noticed = new(StringComparer.Ordinal);
    private Dictionary<string, string> _columns = [];
    private PredictionRows _rows = null!;

    /// <summary>Of what there is one record: an Exam (both breasts), or a Breast beside the other one.</summary>
    [Parameter]
    public ExamUnit By { get; set; }

    /// <summary>
    /// Names of the records' columns where they differ: @{ exam = 'StudyDate'; laterality = 'side' }; path, class, label, probability, score, patient, view and
    /// others may be named too. An exam is exam, exam_id, study_id or study_instance_uid unless named; without any, all images of a patient are one.
    /// </summary>
    [Parameter]
    [NotNull]
    public Hashtable? Column { get; set; }

    /// <summary>
    /// Which class of the records belongs to which of the scores, where the names differ: @{ MALIGNANT = 'pos'; BENIGN = 'neg' }; '' for one that is left
    /// out.
    /// </summary>
    [Parameter]
    [NotNull]
    public Hashtable? ClassMap { get; set; }

    /// <summary>The predictions that came last.</summary>
    private protected abstract PSObject[] Predictions { get; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _columns = ClassMaps.Of(Column) ?? [];
        _rows = new(ClassMaps.Of(ClassMap));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var item in Predictions)
            Attempt(() => _rows.Add(PredictionRow.Of(item, _columns, [])), item);
    }

    /// <summary>The images by exam; what belongs to none is an error each.</summary>
    private protected ExamBuilder Gathered()
    {
        var (rows, finding) = Require(_rows.Matched);
        if (finding is not null)
            WriteFinding(finding);
        var builder = new ExamBuilder(By);
        foreach (var (row, _, probabilities, place, _) in rows)
        {
            Attempt(
                () => builder.Add(new ExamImage(row.Facts)
                {
                    Exam = row.Exam,
                    View = row.View,
                    Probability = probabilities,
                    Label = place,
                    SampleWeight = row.SampleWeight,
                }),
                row.Source);
        }

        return builder;
    }

    /// <summary>The records one by one; an exam that has none is an error.</summary>
    private protected IEnumerable<MammoExam> Joined(ExamBuilder builder, ExamScore score, ExamCombination? combination)
    {
        using var exams = builder.Join(score, combination, failure => WriteError(ErrorRecords.Of(failure, failure.Target))).GetEnumerator();
        while (Require(exams.MoveNext))
        {
            foreach (var (id, _) in Noticed.Where(noticed => exams.Current.Warning.Contains(noticed.Id, StringComparison.Ordinal)))
            {
                if (!_noticed.TryGetValue(id, out var names))
                    _noticed[id] = names = [];
                names.Add($"{exams.Current.Patient} ({exams.Current.Views})");
            }

            yield return exams.Current;
        }
    }

    /// <summary>Says once what was noticed of all records.</summary>
    private protected void WriteNoticed()
    {
        foreach (var (id, what) in Noticed)
        {
            if (_noticed.TryGetValue(id, out var names))
            {
                WriteFinding(new Finding(
                    id, $"{names.Count} of the records {what}: {string.Join(", ", names.Take(Shown))}{(names.Count > Shown ? ", …" : "")}."));
            }
        }
    }
}
