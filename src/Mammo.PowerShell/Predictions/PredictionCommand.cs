using System.Collections;
using System.Management.Automation;
using Mammo.Evaluation;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>What the cmdlets share that take predictions whose class is known: how records are read, and what one sample is.</summary>
public abstract class PredictionCommand : MammoCmdlet
{
    /// <summary>
    /// Names of the records' columns where they differ: @{ path = 'file'; label = 'truth'; score = 'p' }; class, probability, sample_weight, patient and
    /// laterality may be named too.
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

    /// <summary>What one sample is: Image, Breast (the images of one side of a patient) or Patient. A breast or patient is positive when one of its images
    /// is.</summary>
    [Parameter]
    public EvaluationUnit By { get; set; }

    /// <summary>How the scores of a breast's or patient's images become one: their Mean, or the Max.</summary>
    [Parameter]
    public UnitScore Aggregate { get; set; }

    /// <summary>Take patients too on whose images the model was trained.</summary>
    [Parameter]
    public SwitchParameter AllowLeakage { get; set; }

    /// <summary>Unit and leakage, as the parameters say.</summary>
    private protected MeasurementOptions UnitOptions => new() { Unit = By, Aggregate = Aggregate, AllowLeakage = AllowLeakage };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (MyInvocation.BoundParameters.ContainsKey(nameof(Aggregate)) && By == EvaluationUnit.Image)
            WriteFinding(new Finding(ErrorIds.EvaluationOptionInvalid, "-Aggregate has no effect on images: -By Breast or Patient puts several together."));
    }

    /// <summary>Gathers predictions as the parameters say.</summary>
    /// <param name="properties">Further properties whose values are kept.</param>
    private protected PredictionCollector Collector(params string[] properties) => new(Column, ClassMap, properties);
}
