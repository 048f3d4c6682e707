using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Networks.Models;

namespace Mammo.PowerShell.Common;

/// <summary>What Mammo's cmdlets share: cancellation, errors with stable ids, paths of the session.</summary>
public abstract class MammoCmdlet : PSCmdlet, IDisposable
{
    private const int ShownFindings = 3;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Finding> _findings = [];
    private ProgressBar? _progress;

    /// <summary>Cancelled by Ctrl+C.</summary>
    protected CancellationToken StopToken => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Ends the progress display; overrides call it last.</summary>
    protected override void EndProcessing() => EndProgress();

    /// <summary>Frees what the cmdlet holds; called by PowerShell at the end, also after errors and Ctrl+C.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        EndProgress();
        _stop.Dispose();
    }

    /// <summary>The value of a parameter that was given, or another: a switch that is off does not show whether it was set so.</summary>
    private protected T Given<T>(string parameter, T value, T otherwise) => MyInvocation.BoundParameters.ContainsKey(parameter) ? value : otherwise;

    /// <summary>
    /// The cmdlet's progress bar, made at the first call; ended by <see cref="EndProcessing"/>, by terminating errors, and at the latest when PowerShell
    /// disposes of the cmdlet: after errors of others, Ctrl+C, and what the next command does to stop the pipeline.
    /// </summary>
    private protected ProgressBar StartProgress(string activity, long? total = null) => _progress ??= new ProgressBar(this, Host?.UI, activity, total);

    /// <summary>Ends the progress display, so that another activity can start.</summary>
    private protected void EndProgress()
    {
        _progress?.Complete();
        _progress = null;
    }

    /// <summary>Shows a finding as a warning that ends with its id.</summary>
    private protected void WriteFinding(Finding finding) => WriteWarning(finding.ToString());

    /// <summary>Shows what was remarked when a model was read for a parameter.</summary>
    private protected void WriteNotes(MammoModel model)
    {
        foreach (var note in ModelTransformationAttribute.TakeNotes(model))
        {
            WriteFinding(new Finding(ErrorIds.PreparationAssumed, $"{model.Name}: {note}")
            {
                Subject = model.Name,
                SuggestedFix = "Import-MammoModel sets what is wrong.",
            });
        }
    }

    /// <summary>Shows what did not fit when datasets were read for a parameter.</summary>
    private protected void WriteFindings(IEnumerable<MammoDataset> datasets, string? variable = null)
    {
        Finding[] findings = [.. datasets.SelectMany(DatasetTransformationAttribute.TakeFindings)];
        if (findings.Length > 0)
            WriteFindings(findings, variable);
    }

    /// <summary>Shows the first findings as warnings and keeps all of this cmdlet in a variable, if one is named.</summary>
    private protected void WriteFindings(IReadOnlyCollection<Finding> findings, string? variable)
    {
        _findings.AddRange(findings);
        if (variable is not null)
            SessionState.PSVariable.Set(variable, _findings.ToArray());
        foreach (var finding in findings.Take(ShownFindings))
            WriteFinding(finding);
        var keeps = MyInvocation.MyCommand.Parameters.ContainsKey("FindingVariable") ? "-FindingVariable" : "-FindingVariable of Import-MammoDataset";
        if (findings.Count > ShownFindings)
            WriteWarning($"{findings.Count - ShownFindings} further findings "
                + $"({string.Join(", ", findings.Skip(ShownFindings).Select(finding => finding.Id).Distinct())}); {keeps} keeps them all. "
                    + $"[{findings.Last().Id}]");
    }

    /// <summary>Does work without which the cmdlet cannot go on; what fails ends it with a stable id.</summary>
    protected T Require<T>(Func<T> work, object? target = null)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            EndProgress();
            ThrowTerminatingError(ErrorRecords.Of(failure, target));
            throw;
        }
    }

    /// <summary>Does work for one item; what fails is an error record, and the next item goes on.</summary>
    /// <returns>False when it failed.</returns>
    protected bool Attempt(Action work, object? target = null)
    {
        try
        {
            work();
            return true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            WriteError(ErrorRecords.Of(failure, target));
            return false;
        }
    }

    /// <summary>
    /// Full paths of existing files or folders: wildcards, unless a path exists as it stands (published model files have brackets in their names).
    /// </summary>
    protected IEnumerable<string> ResolveExisting(string[] paths, bool literal)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (var path in paths)
        {
            var asWritten = Unresolved(path);
            if (literal || (asWritten is not null && Path.Exists(asWritten)))
            {
                if (asWritten is not null && Path.Exists(asWritten))
                    yield return asWritten;
                else
                    WriteError(ErrorRecords.Of(NotFoundException(path)));
                continue;
            }

            foreach (var match in Matches(path))
                yield return match;
        }
    }

    /// <summary>Full path of one existing file, taken as it is written.</summary>
    protected string ResolveInput(string path) => Unresolved(path) is { } full && Path.Exists(full) ? full : throw NotFoundException(path);

    /// <summary>Full path of a file to be written; one that exists is refused unless it may be replaced.</summary>
    /// <exception cref="MammoException">For use within <see cref="Attempt"/> or <see cref="Require"/>.</exception>
    protected string OutputPath(string path, bool force)
    {
        var full = Unresolved(path) ?? throw new MammoException(
            ErrorIds.FileNotFound, $"'{path}' is not in the file system.", "Give a path of the file system.", path);
        return force || !Path.Exists(full)
            ? full
            : throw new MammoException(ErrorIds.FileExists, $"'{full}' exists already.", "Give another name, or -Force to replace it.", full);
    }

    /// <summary>The same for a cmdlet that cannot go on without it.</summary>
    protected string ResolveOutput(string path, bool force) => Require(() => OutputPath(path, force));

    // What PowerShell itself throws to stop or leave a pipeline goes through; anything else is reported with an id, foreseen or not.
    private static bool IsFailure(Exception failure) => failure is not (RuntimeException or FlowControlException);

    private static MammoException NotFoundException(string path) =>
        new(
            ErrorIds.FileNotFound,
            $"'{path}' does not exist.",
            path.StartsWith("file://", StringComparison.OrdinalIgnoreCase) ? "Give the path without file:// in front of it." : "Check the path.",
            path);

    private IEnumerable<string> Matches(string path)
    {
        try
        {
            var matches = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            if (provider.Name == "FileSystem" && matches.Count > 0)
                return matches;
        }
        catch (Exception failure)
            when (failure is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException
                or WildcardPatternException)
        {
            WriteDebug(failure.Message);
        }

        WriteError(ErrorRecords.Of(path.Contains('[', StringComparison.Ordinal)
            ? new MammoException(ErrorIds.FileNotFound, $"'{path}' does not exist.", "Check the path; names with [ ] need -LiteralPath.", path)
            : NotFoundException(path)));
        return [];
    }

    private string? Unresolved(string path)
    {
        try
        {
            var full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return provider.Name == "FileSystem" ? full : null;
        }
        catch (Exception failure) when (failure is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            return null;
        }
    }
}
