//! What can be typed. Types only: what it means stands in `commands`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Learn AWS data processing by doing labs on an AWS of your own.
#[derive(Debug, Parser)]
#[command(name = "labrun", version, propagate_version = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the labs, with what you have reached
    List(List),
    /// Start a lab, or go on with it
    Start(Start),
    /// Show the brief of your lab
    Brief(Session),
    /// Grade what is true now
    Check(Check),
    /// Show the next hint of your task
    Hint(Hint),
    /// Let labrun do a task (it counts 0 in your progress)
    Solve(Solve),
    /// Remove everything and prove it; your files stay
    Stop(Session),
    /// Show your sessions and the cloud
    Status(Format),
    /// Print the variables that point a shell at your session
    Env(Session),
    /// Open a shell that is pointed at your session, with `aws` and a `python` that has boto3
    Shell(Shell),
    /// Run Athena statements in your session
    Sql(Sql),
    /// Practice questions: one at a time, marked at once, with a reason on every option
    Quiz(Quiz),
    /// Sit an exam form as long as the real one
    Exam(Exam),
    /// Answer what is due again
    Review(Review),
    /// Show how well you master each skill of the exam
    Progress(Format),
    /// Name the one most useful thing to do now
    Next(Format),
    /// Look for faults in labs, solutions, mutants and question banks
    Lint(Lint),
    /// Print the JSON Schema of a content file
    Schema {
        /// Which file
        #[arg(value_enum)]
        of: SchemaOf,
    },
    /// Prove a lab: red untouched, green by its solution, every mutant caught, nothing left
    Test(Test),
    /// Say what this machine lacks
    Doctor(Format),
    /// The sets of packages that labs run on
    #[command(subcommand)]
    Runtimes(Runtimes),
    /// The emulator
    #[command(subcommand)]
    Cloud(Cloud),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Format {
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: Shape,
}

#[derive(Debug, Args)]
pub(crate) struct Session {
    /// Which session, by id or lab; else that of this folder, else the only one
    #[arg(long, value_name = "ID")]
    pub session: Option<String>,
    #[command(flatten)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Start {
    /// The lab's id, or the folder of a lab that you are writing
    pub lab: String,
    /// Your working folder (default: ./<lab>)
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Show every check of every task
    #[arg(long, short)]
    pub all: bool,
    #[command(flatten)]
    pub session: Session,
}

#[derive(Debug, Args)]
pub(crate) struct Hint {
    /// The task, from 1 (default: the first unfinished one)
    #[arg(long, value_name = "N")]
    pub task: Option<usize>,
    /// Pay the hint's price
    #[arg(long)]
    pub pay: bool,
    #[command(flatten)]
    pub session: Session,
}

#[derive(Debug, Args)]
pub(crate) struct Solve {
    /// Up to which task, from 1 (default: the first unfinished one)
    #[arg(long, value_name = "N")]
    pub task: Option<usize>,
    #[command(flatten)]
    pub session: Session,
}

#[derive(Debug, Args)]
pub(crate) struct Shell {
    /// Run this instead of an interactive shell
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    pub command: Vec<String>,
    /// Which session, by id or lab
    #[arg(long, value_name = "ID")]
    pub session: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Sql {
    /// The statement, such as "SHOW DATABASES"; several are parted by `;`
    pub statement: Option<String>,
    /// Run the statements of this file, one after the other
    #[arg(long, short, value_name = "FILE", conflicts_with = "statement")]
    pub file: Option<PathBuf>,
    /// What names without a database belong to
    #[arg(long, short, value_name = "NAME")]
    pub database: Option<String>,
    #[command(flatten)]
    pub session: Session,
}

#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Labs by id or folder, banks by id or file (default: all)
    pub content: Vec<String>,
    /// Write the coverage table of all banks and labs to this file
    #[arg(long, value_name = "FILE")]
    pub coverage: Option<PathBuf>,
    #[command(flatten)]
    pub format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// quizzes/<bank>.toml
    Quiz,
}

/// How questions are put.
#[derive(Debug, Args)]
pub(crate) struct Answering {
    /// Line by line: answers are read from the input (so it is in a pipe anyway)
    #[arg(long)]
    pub plain: bool,
    #[command(flatten)]
    pub format: Format,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Quiz {
    #[command(subcommand)]
    pub verb: Option<QuizVerb>,
    /// Only this skill (3.1.4), task (3.1) or domain (3)
    #[arg(long, value_name = "SKILL")]
    pub skill: Option<String>,
    /// Only this topic, such as glue-bookmarks
    #[arg(long, value_name = "TOPIC")]
    pub topic: Option<String>,
    /// Only this bank
    #[arg(long, value_name = "BANK")]
    pub bank: Option<String>,
    /// How many questions
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub count: usize,
    /// Deal the same questions again
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Go on with the quiz that was not finished
    #[arg(long)]
    pub resume: bool,
    #[command(flatten)]
    pub answering: Answering,
}

#[derive(Debug, Subcommand)]
pub(crate) enum QuizVerb {
    /// Show how often each question was answered, and how often right
    Stats(Format),
    /// Print a bank for another program
    Export {
        /// A bank by id or file
        bank: String,
        /// For which program
        #[arg(long, value_enum)]
        to: ExportTo,
    },
    /// Turn a GIFT file into a bank, as far as GIFT goes
    Import {
        /// The GIFT file
        file: PathBuf,
        /// The new bank's id
        #[arg(long, value_name = "BANK")]
        id: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportTo {
    /// Moodle's text format
    Gift,
    /// Tab-separated cards with tags
    Anki,
}

#[derive(Debug, Args)]
pub(crate) struct Exam {
    /// What it is drawn from (default: task)
    #[arg(long, value_enum)]
    pub form: Option<ExamForm>,
    /// Minutes more than the usual 130, such as 30
    #[arg(long, value_name = "MINUTES", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=600))]
    pub extra_time: u64,
    /// Deal the same form again
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Go on with the exam that is under way
    #[arg(long)]
    pub resume: bool,
    /// End the exam that is under way, and mark it
    #[arg(long, conflicts_with = "resume")]
    pub end: bool,
    /// Look through an exam afterwards, with all reasons
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "newest", conflicts_with_all = ["resume", "end"])]
    pub replay: Option<String>,
    #[command(flatten)]
    pub answering: Answering,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExamForm {
    /// Task 3.1, automate data processing
    Task,
    /// Domain 3, data operations and support
    Domain,
    /// All four domains
    All,
}

#[derive(Debug, Args)]
pub(crate) struct Review {
    /// How many new cards there are a day
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub new: usize,
    #[command(flatten)]
    pub answering: Answering,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// The lab's id or folder
    pub lab: String,
    /// Only this mutant, after the steps that lead to it
    #[arg(long, value_name = "NAME")]
    pub mutant: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Runtimes {
    /// Show the sets and where they lie
    List(Format),
    /// Make the sets now
    Install {
        /// Sets by name (default: all)
        sets: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Cloud {
    /// Start the emulator in the background
    Up(Serve),
    /// Stop the emulator; its state stays
    Down,
    /// Show the emulator and its sandboxes
    Status(Format),
    /// Move a session's clock forward: 90s, 20m, 1h, 1d
    Advance {
        duration: String,
        /// Which session (default: as everywhere)
        #[arg(long, value_name = "ID")]
        session: Option<String>,
    },
    /// Empty the open sandbox, or a session's
    Reset {
        #[arg(long, value_name = "ID")]
        session: Option<String>,
    },
    /// Run the emulator in this process
    #[command(hide = true)]
    Serve(Serve),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The port to try first
    #[arg(long, default_value_t = 4566)]
    pub port: u16,
    /// Evaluate IAM policies
    #[arg(long, value_enum, default_value = "off")]
    pub iam: Iam,
    /// Stay in this process
    #[arg(long)]
    pub foreground: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Iam {
    Off,
    Warn,
    Enforce,
}
