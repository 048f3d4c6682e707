using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>What the cmdlets share that run models on images: where both come from, how images are prepared, and where the network runs.</summary>
/// <remarks>
/// Datasets or files come from the pipeline and models from <c>-Model</c>, or models from the pipeline and images from <c>-Dataset</c>, <c>-Path</c>,
/// <c>-LiteralPath</c> or <c>-Image</c>.
/// </remarks>
public abstract class ImageRunCommand : EngineCommand
{
    private readonly List<MammoModel> _piped = [];
    private bool _areModelsPiped;
    private bool _areNotesWritten;
    private bool _isLabelSaid;
    private long _done;
    private long _expected;

    /// <summary>The images as datasets, folders of class folders, or CSV lists.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Dataset")]
    [DatasetTransformation(IsJoined = false, IsPiped = true)]
    [Alias("Test")]
    [NotNull]
    public MammoDataset[] Dataset { get; set; } = [];

    /// <summary>Image files; wildcards allowed, but a name that exists as it is written is taken literally.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [NotEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Image files, taken as they are written; file objects from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "FullName")]
    [NotEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// Images of a dataset, one by one, or rows of a list (Import-Csv) with the columns of one: path, label, patient, laterality, view, sample_weight and any
    /// other.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Image")]
    [RowTransformation]
    [NotNull]
    public MammoImage[] Image { get; set; } = [];

    /// <summary>
    /// The images as what they are, after the model without a name: datasets, folders of class folders or of image files, CSV lists, image files, wildcards.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Source")]
    [SourceTransformation]
    [NotNull]
    [SupportsWildcards]
    public object[] Source { get; set; } = [];

    /// <summary>The models, as parameter or from the pipeline.</summary>
    private protected abstract MammoModel[] Models { get; set; }

    /// <summary>What the progress bar calls the work.</summary>
    private protected abstract string Activity { get; }

    /// <summary>Records for each image.</summary>
    private protected virtual int RecordsPerImage => 1;

    /// <summary>Records, or errors in their place, that were written.</summary>
    private protected long Done => _done;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _areModelsPiped = !MyInvocation.BoundParameters.ContainsKey("Model");
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_areModelsPiped)
            _piped.AddRange(Models);
        else
            RunImages();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // PowerShell forgets the parameters bound from the pipeline after the last object; the images were given by name.
        if (_piped.Count > 0)
        {
            Models = [.. _piped];
            RunImages();
        }

        Finish();
        base.EndProcessing();
    }

    /// <summary>Called before the images of a dataset are run.</summary>
    private protected virtual void Announce(MammoDataset dataset)
    {
    }

    /// <summary>Takes an image and writes the results that became ready.</summary>
    private protected abstract void Run(MammoImage image);

    /// <summary>Writes what is left.</summary>
    private protected abstract void Finish();

    /// <summary>Writes the record of an image, or why there is none, and what was noticed.</summary>
    private protected void Write(MammoImage image, object? record, MammoException? failure, IEnumerable<Finding> warnings)
    {
        foreach (var warning in warnings)
            WriteFinding(warning);
        if (failure is not null)
            WriteError(ErrorRecords.Of(failure, image));
        else
            WriteObject(record);
        StartProgress(Activity).Update(++_done, System.IO.Path.GetFileName(image.Path));
    }

    // Not by the name of the parameter set, which PowerShell forgets too: of these parameters only that of the set is filled.
    private void RunImages()
    {
        if (!_areNotesWritten)
        {
            foreach (var model in Models)
                WriteNotes(model);
            _areNotesWritten = true;
        }

        MammoDataset[] datasets = [.. Dataset, .. Source.OfType<MammoDataset>()];
        WriteFindings(datasets);
        foreach (var dataset in datasets)
            Run(dataset);
        foreach (var image in Image.Concat(Source.OfType<MammoImage>()))
            Run(Known(image));
        foreach (var path in ResolveExisting([.. Path, .. Source.OfType<string>()], literal: false).Concat(ResolveExisting(LiteralPath, literal: true)))
            Run(new MammoImage(path));
    }

    // A row that is no dataset's has its label as text, and words where nothing is known.
    private MammoImage Known(MammoImage image)
    {
        if (image.Label is not null)
            return image;
        var known = DatasetRows.Known(image);
        if (known.Class is not { } label || !DatasetRows.IsNoLabel(label, Models[0].Classes))
            return known;
        if (!_isLabelSaid)
        {
            WriteFinding(new Finding(
                ErrorIds.LabelMissing, $"The label '{label}' of '{image.Path}' is taken for none, as of every row that has it: the image has no class.")
            {
                Subject = image.Path,
                SuggestedFix = "Fill in the labels; if it is the name of a class, give the list to Import-MammoDataset with -Class.",
            });
        }

        _isLabelSaid = true;
        return known with { Class = null };
    }

    private void Run(MammoDataset dataset)
    {
        _expected += (long)dataset.Count * RecordsPerImage;
        StartProgress(Activity).Total = _expected;
        Announce(dataset);
        foreach (var image in dataset.Images)
            Run(image);
    }
}
