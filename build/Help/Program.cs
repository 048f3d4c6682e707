using Mammo.Help;

var text = MamlWriter.Write(CmdletHelp.All);
var isNew = !File.Exists(Repository.HelpFile) || Repository.ReadText(Repository.HelpFile) != text;
if (isNew)
    File.WriteAllText(Repository.HelpFile, text);
Console.WriteLine($"{Path.GetRelativePath(Repository.Folder, Repository.HelpFile)}: {(isNew ? "written" : "nothing has changed")}, {CmdletHelp.All.Count} cmdlets.");
